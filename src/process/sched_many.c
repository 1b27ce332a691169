// What the scheduler is asked about other harts than the one that asks.
#include "machine/clint.h"
#include "machine/lock.h"
#include "process/sched.h"

const struct sched_many *sched_many;

void sched_move(struct task *task, struct hart *hart, bool woken)
{
	sched_park(task);
	if (!woken) {
		sched_join_on(hart, task);
		return;
	}
	task->queued = hart->mark;
	list_add_tail(&hart->woken, &task->node);
	sched_want_tick(hart);
}

struct hart *sched_runner(struct task *task)
{
	if (this_hart()->running == task)
		return this_hart();
	HARTS_EACH(hart, harts_online)
		if (hart->running == task)
			return hart;
	return NULL;
}

// Another hart that runs nothing sleeps, and does its own sums when it wakes.
void sched_charge_all(void)
{
	sched_charge();
	if (sched_many == NULL)
		return;
	HARTS_EACH(hart, harts_online)
		if (hart->running)
			sched_charge_hart(hart);
}
