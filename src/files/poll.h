// Waiting for any of many files: ppoll(), pselect6().  One record of waiting
// for each direction of each descriptor, all with the same task.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/file.h"
#include "process/wait.h"

// Linux's struct pollfd.
struct pollfd {
	int32_t fd; // negative: passed over
	uint16_t events, found;
};

// A call that looks at files, from its start to its end.
struct watch;
struct poll {
	struct watch *watches; // while it waits
	uint32_t watching;
	uint32_t count;
	bool masked; // other signals are blocked meanwhile
	uint64_t time_left; // user address; 0: not wanted
	struct pollfd fd[];
};

// For `count` descriptors, which are to be filled in; NULL when out of memory.
struct poll *poll_new(struct future *future, uint32_t count);

// When to give up: a struct timespec in user memory, 0 for never; what is left
// of it is told there at the end.  0 or an error.
int64_t poll_set_time(struct future *future, uint64_t address);

// Blocks these signals until the end.  A set in user memory, 0 for none.
int64_t poll_set_mask(struct future *future, uint64_t address, uint64_t size);

// How many have something to tell, which is in `found`; 0 when it is too late,
// an error, or PENDING.  Anything but PENDING is followed by poll_end().
int64_t poll_run(struct future *future);
int64_t poll_end(struct future *future, int64_t result);

// Its beginning has to wait, and starts again.
void poll_undo(struct future *future);

// Registers ppoll().
void poll_init(void);
