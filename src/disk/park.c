#include "disk/park.h"
#include "machine/csr.h"

// A process that has touched a page which is not there waits outside of any
// call: with a record of its own, as a signal may take it elsewhere meanwhile.
// It is woken for nothing then, which does no harm.
struct park_part {
	struct waiting waiting;
};

static struct process_part part;

struct waiting *park_task;
bool park_never;

static int64_t park_fault(struct process *process, struct waker *waker)
{
	struct park_part *p = process_part(process, &part);

	wait_end(&p->waiting);
	sched_park(&process->task);
	wait_on(&p->waiting, waker);
	return PENDING;
}

// A call of a batch has no process that waits with it.  Else, a call that was
// pending before has a handler; one that is polled for the first time came by
// its own trap.
static int64_t park_running(struct waker *waker)
{
	struct process *process;
	struct call *call;

	if (future_of_batch)
		return future_wait(future_of_batch, waker);
	process = process_running();
	call = call_of(process);
	if (call->handler == NULL && csr_read(mcause) != CAUSE_ECALL_U)
		return park_fault(process, waker);
	return future_wait(future_of(call), waker);
}

int64_t (*park_process)(struct waker *waker) = park_running;

int64_t park(struct waker *waker)
{
	if (park_never)
		return PENDING;
	if (park_task == NULL)
		return park_process(waker);
	wait_on(park_task, waker);
	return PENDING;
}

static int park_fork(struct process *child, struct process *parent,
                     uint64_t flags)
{
	struct park_part *p = process_part(child, &part);

	(void)parent, (void)flags;
	waiting_init(&p->waiting, &child->task);
	return 0;
}

static void park_exit(struct process *process)
{
	wait_end(&((struct park_part *)process_part(process, &part))->waiting);
}

void park_init(void)
{
	part.size = sizeof(struct park_part);
	part.fork = park_fork;
	part.exit = park_exit;
	process_register(&part);
}
