// Waiting below the calls: a file system's operation that must wait parks
// whatever runs it, a call of a process or a kernel task, and answers PENDING.
// It is asked again from its start.
#pragma once
#include "process/wait.h"

// A kernel task that calls into the disk floors names itself for its turn:
// its waiting is parked then instead of a process's.
extern struct waiting *park_task;

// Set by those who would rather do without than wait: park() registers
// nobody, and PENDING means "not now".
extern bool park_never;

// What runs is woken by the waker.  PENDING, to be handed on.
int64_t park(struct waker *waker);

// Replaces how a process is parked: floor 7's is by its call.
extern int64_t (*park_process)(struct waker *waker);

// Registers what processes need for that as a part of each.
void park_init(void);

// Others first, then it goes on: a pass must not be too long.  PENDING.
static inline int64_t park_again(void)
{
	struct waker soon = WAKER_INIT(soon);

	park(&soon);
	wake_all(&soon);
	return PENDING;
}
