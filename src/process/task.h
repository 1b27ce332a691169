// Kernel work without a process: a task with a poll of its own, in the same
// queues as everything else.
#pragma once
#include "process/wait.h"

struct ktask {
	struct task task;
	struct waiting waiting;
	// Polled until it answers something else than PENDING, before which it
	// registers on a waker, a deadline, or calls ktask_again().
	int64_t (*poll)(struct ktask *ktask);
	// Lets go of what it holds when it is cancelled.  May be NULL.
	void (*cancel)(struct ktask *ktask);
	struct waker done;       // woken when it has finished
	bool finished;
	int64_t result;          // of poll; -ECANCELED
};

// Starts it: poll (and cancel) are set, the rest is filled in here.  The
// memory is the caller's, and must last until it has finished.
void ktask_spawn(struct ktask *ktask);

// For poll: it has used up its budget and goes on after the others.
int64_t ktask_again(struct ktask *ktask);

// It is not polled any more; finished, with -ECANCELED.
void ktask_cancel(struct ktask *ktask);
