// Which hart runs what.  Each has queues of its own; what is woken joins those
// of the waker's hart, since the two often talk to each other in turn.  A hart
// with nothing to do takes over what waits elsewhere: at once when it becomes
// idle, or when it is rung, which a hart does that had more than it can run for
// CALL_NS.  Where all harts are busy, who has used up its slice goes to a hart
// with fewer that compute, so that all get equal shares in the long run.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/sched.h"

// For struct sched_many.
bool balance_seek(struct hart *hart);
void balance_crowded(struct hart *hart, bool since);
bool balance_share(struct hart *hart);
bool balance_arrive(struct hart *hart, struct task *task);

// The hart goes to sleep, or is awake again.
void balance_sleeps(struct hart *hart, bool sleeps);

static inline bool balance_allows(const struct task *task, const struct hart *hart)
{
	return !(task->barred & 1u << hart->id);
}
