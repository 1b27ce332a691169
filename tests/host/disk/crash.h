// Crash tests: operations run on a disk that logs what it is asked to write;
// then every state that a power cut could have left it in is mounted.
#pragma once
#include "files.h"

struct step {
	const char *name;
	int64_t (*run)(void);
};

extern const struct step steps[];
extern const unsigned step_count;

// How much is tried at each moment.
extern struct effort {
	unsigned bound; // so many writes that may be missing: all subsets
	unsigned singles; // with more: each alone, and each missing
	unsigned cuts; // and so many random ones, half of them torn
	unsigned again; // every n-th recovery is cut as well; 0: none
	unsigned judge; // e2fsck looks at every n-th image; 0: at none
} effort;

// Images that were presented; those among them that no other was equal to,
// with the same demands, and which were mounted; recoveries that were cut; and
// images seen by e2fsck.
extern unsigned long crash_images, crash_mounted, crash_again, crash_judged;

// Runs the steps on a copy of the image and cuts.  Faults are printed; how
// many.
unsigned crash_run(const struct step *const *list, unsigned count,
                   const uint8_t *image, size_t size);

// A fault that every run has; false: there is none of that name.
extern bool (*plant)(struct disk *disk, const struct block_request *request);
bool plant_choose(const char *name);

// ---- what must be there: crash_states.c ----

// Within a step: one more change was made, so there is one more state that may
// be found; everything until now is lasting, or that file is.
void crash_mark(void);
void crash_lasting(void);
void crash_lasting_file(const char *path);

// Begins with the mounted file system, whose disk tells the time.
void states_begin(struct disk *disk);
void states_forget(void);

// What must be there when power fails at `time`: a number that is another one
// for other demands; and NULL, or what is wrong with what was found.
uint64_t states_demand(uint32_t time);
const char *states_compare(const struct snapshot *found, uint32_t time);
