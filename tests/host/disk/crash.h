// Crash tests: operations run on a disk that logs what it is asked to write;
// then every state that a power cut could have left it in is mounted.
#pragma once
#include "files.h"

struct step {
	const char *name;
	int64_t (*run)(void);
};

// Within a step: one more change was made, so there is one more state that may
// be found; everything until now is lasting, or that file is.
void crash_mark(void);
void crash_lasting(void);
void crash_lasting_file(const char *path);

extern const struct step steps[];
extern const unsigned step_count;

// Runs the steps on a copy of the image and tries `cuts` random subsets at
// each moment, beside the two extremes.  Faults are printed; how many.
unsigned crash_run(const struct step *const *list, unsigned count,
                   const uint8_t *image, size_t size, unsigned cuts);

extern unsigned long crash_images, crash_judged;
extern unsigned judge_every; // e2fsck looks at every n-th image; 0: never

// A fault that every run has; false: there is none of that name.
extern bool (*plant)(struct disk *disk, const struct block_request *request);
bool plant_choose(const char *name);
