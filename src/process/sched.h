// Who runs next: two queues and one rotation.  What was just woken goes first;
// then the ring of those that used up their slice, rotated by one per tick.
// The same list serves as the executor of kernel tasks: whatever can take a
// turn is a struct task.
//
// Lock: the kernel lock protects both queues.
#pragma once
#include "lib/list.h"
#include <stdbool.h>
#include <stdint.h>

struct trapframe;
struct hart;

struct task {
	struct list node;        // in one of the two queues
	bool queued;
	// Takes a turn.  Answers the frame to resume, or NULL if the task
	// has nothing to do for now; it may have freed itself.
	struct trapframe *(*run)(struct task *task);
};

// Registers for the timer interrupt and empties the queues.
void sched_init(void);

// Takes turns until one has a frame to resume; waits for interrupts while
// there is nothing to do.  The one place that switches.
struct trapframe *schedule(void);

// At the tail of the ring: a new process, or one that gives way.
void sched_ready(struct task *task);

// At the tail of what was woken; no matter if it is queued already.
void sched_wake(struct task *task);

// Out of whichever queue it is in.
void sched_forget(struct task *task);

// The running process gives way to the others.
struct trapframe *sched_yield(void);

// After an interrupt: goes on with the frame, or, if something was woken,
// switches to that.  NULL (the hart was idle) stays NULL.
struct trapframe *sched_resume(struct trapframe *frame);

// The timer interrupt at time `now` (in ticks of mtime): is the slice over?
bool sched_tick_due(struct hart *hart, uint64_t now);
struct trapframe *sched_rotate(struct trapframe *frame);

// Programs the timer of the hart for its next tick; a higher floor that keeps
// deadlines replaces it, and is called before a hart goes idle as well.
extern void (*sched_arm)(struct hart *hart, bool idle);

// Called for the address space `satp` of the frame to resume, when it is not
// the one that the hart has loaded.  Nothing to do on this floor.
extern void (*sched_load_space)(struct trapframe *frame);

// Also tick when only one process can run ("tick=always"; for measuring).
extern bool sched_always_tick;
