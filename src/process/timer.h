// Deadlines: one queue for all, and the CLINT programmed for the next only.
#pragma once
#include "lib/heapq.h"
#include "lib/list.h"
#include <stdint.h>

// All zero is a timer that is not running.  Lock: the kernel lock.
struct timer {
	struct heapq_node node;          // its key is the deadline, in ticks
	void (*fire)(struct timer *timer); // once; not running any more then
};

// Runs until `deadline` (mtime); never fires before it.  One that runs
// already is set anew.
void timer_start(struct timer *timer, uint64_t deadline);

// No matter whether it runs.
void timer_stop(struct timer *timer);

static inline int timer_running(const struct timer *timer)
{
	return heapq_linked(&timer->node);
}

// Takes over the timer interrupt from the scheduler's tick.
void timer_init(void);

// On a further hart, which keeps no deadlines.
void timer_join(void);
