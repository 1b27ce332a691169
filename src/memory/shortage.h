// How much memory is left, and two marks at which it is given out with care, so
// that who runs already can go on.
//
//	below 1/64     nothing new begins: no fork, no larger heap
//	below 1/256    user mode gets no page before somebody has ended; what is
//	               left is for the calls of processes that hold little
#pragma once
#include "memory/page.h"

// In frames.  What is kept at hand for the next one to need it counts.
size_t memory_free(void);

// The frames that could be had without beginning to be short.
size_t memory_spare(void);

extern size_t memory_mark, memory_last_mark;

// What is kept at hand goes back first.
bool memory_still_below(size_t frames);

static inline bool memory_below(size_t frames)
{
	return page_free_count() < frames && memory_still_below(frames);
}

static inline bool memory_short(void)
{
	return memory_below(memory_mark);
}

static inline bool memory_scarce(void)
{
	return memory_below(memory_last_mark);
}

// Pages that processes map can be given up too, but not in the middle of a
// pass: a call may count on them.  A floor that can do so sets this, and begins
// to when memory_short() finds too little.  Parks what runs, a process or a
// call, until there may be more: PENDING, to be tried anew.  -ENOMEM: below the
// first mark waiting brings nothing, or memory is not below it.
extern int64_t (*memory_wait)(void);

void shortage_init(void);
