// Pages that appear when they are touched: on a page fault of user mode, or
// when the kernel reaches for a process's memory.
#pragma once
#include "memory/page.h"

struct process;
struct trapframe;

// A frame outside the pool, as the initrd's, is nobody's to count.
// One that is mapped is in use, so only debug builds look again.
static inline void frame_get(void *frame)
{
	struct page *page = page_of(frame);

	if (page && DEBUG)
		page_get(frame);
	else if (page)
		page->refs++;
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
