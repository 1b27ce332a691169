#include "process/task.h"
#include "lib/errno.h"

static void ktask_finish(struct ktask *ktask, int64_t result)
{
	ktask->finished = true;
	ktask->result = result;
	wake_all(&ktask->done);
}

// Never a frame: a kernel task leads to no process.  Its memory may be gone
// after the waker: who waits for its end may free it in the same pass.
static struct trapframe *ktask_run(struct task *task)
{
	struct ktask *ktask = container_of(task, struct ktask, task);
	int64_t result;

	wait_end(&ktask->waiting);
	sched_breathe(task); // a call that waits may have led here
	result = ktask->poll(ktask);
	if (result != PENDING)
		ktask_finish(ktask, result);
	return NULL;
}

void ktask_spawn(struct ktask *ktask)
{
	ktask->task.queued = 0;
	ktask->task.barred = 0;
	ktask->task.run = ktask_run;
	waiting_init(&ktask->waiting, &ktask->task);
	waker_init(&ktask->done);
	ktask->finished = false;
	sched_wake(&ktask->task);
}

int64_t ktask_again(struct ktask *ktask)
{
	sched_ready(&ktask->task);
	return PENDING;
}

// Out of the queues before its own cancel(), which may wake others.
void ktask_cancel(struct ktask *ktask)
{
	if (ktask->finished)
		return;
	wait_end(&ktask->waiting);
	sched_forget(&ktask->task);
	if (ktask->cancel)
		ktask->cancel(ktask);
	ktask_finish(ktask, -ECANCELED);
}
