// Pages that appear when they are touched: on a page fault of user mode, or
// when the kernel reaches for a process's memory.
#pragma once
#include "memory/page.h"

struct process;
struct trapframe;

// A frame outside the pool, as the initrd's, is nobody's to count.
static inline void frame_get(void *frame)
{
	if (page_of(frame))
		page_get(frame);
}

static inline void frame_put(void *frame)
{
	if (page_of(frame))
		page_put(frame);
}

// What becomes of a process for whose page there is no memory: by default it
// is ended, with a line.  A higher floor replaces it.
extern struct trapframe *(*fault_no_memory)(struct process *process);

// Called by space_init().
void fault_init(void);
