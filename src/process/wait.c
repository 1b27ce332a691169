#include "process/wait.h"
#include "lib/string.h"
#include "machine/clint.h"
#include "machine/lock.h"

void waker_init(struct waker *waker)
{
	list_init(&waker->waits);
}

// The answer stays as it was: who asks finds `late`, and may find `woken` too
// if both came before his turn.
static void waiting_late(struct timer *timer)
{
	struct waiting *waiting = container_of(timer, struct waiting, timer);

	waiting->late = true;
	list_remove(&waiting->node);
	sched_wake(waiting->task);
}

void waiting_init(struct waiting *waiting, struct task *task)
{
	memset(waiting, 0, sizeof *waiting);
	list_init(&waiting->node);
	waiting->task = task;
	waiting->timer.fire = waiting_late;
}

// At the tail, so that wake_one() is fair.
void wait_on(struct waiting *waiting, struct waker *waker)
{
	LOCK_HELD();
	waiting->woken = false;
	list_add_tail(&waker->waits, &waiting->node);
}

void wait_until(struct waiting *waiting, uint64_t deadline)
{
	waiting->late = false;
	timer_start(&waiting->timer, deadline);
}

// Out of the list before the task is queued: a waker wakes once, and who wants
// more registers again.
void wake(struct waiting *waiting, uint64_t answer)
{
	LOCK_HELD();
	wait_end(waiting);
	waiting->woken = true;
	waiting->answer = answer;
	sched_wake(waiting->task);
}

bool wake_one(struct waker *waker, uint64_t answer)
{
	if (list_empty(&waker->waits))
		return false;
	wake(container_of(waker->waits.next, struct waiting, node), answer);
	return true;
}

// It ends: nobody that is woken here takes a turn, and so registers again,
// before the pass is over.
void wake_everyone(struct waker *waker)
{
	while (wake_one(waker, 0))
		;
}

// A signal that came in the meantime has put its own turn there, which must not
// be lost.
static void future_end(struct future *future)
{
	struct task *task = future->call.task;

	future_reset(future);
	future->deaf = false;
	if (task->run == future_resume) // and no signal came
		task->run = NULL;
}

// The call takes up again where it was.  What is polled may end its process,
// so nothing of it is touched after PENDING.
struct trapframe *future_resume(struct task *task)
{
	struct process *process = process_of_task(task);
	struct call *call = call_of(process);
	int64_t result;

	wait_end(&future_of(call)->waiting);
	result = call->handler(call);
	if (result == PENDING) {
		sched_charge();
		return NULL;
	}
	if (result != REWRITTEN)
		process->frame.regs[A0] = result;
	future_end(future_of(call));
	return &process->frame;
}

void future_complete_timed(struct future *future, int64_t result)
{
	timer_stop(&future->waiting.timer);
	future_complete(future, result);
}

// The arguments stay where they are, in the frame: what changes registers, the
// call of a handler, ends the call first.  (A call of a batch has its own.)
static inline void future_park(struct future *future)
{
	struct call *call = &future->call;
	struct task *task = call->task;

	sched_park(task);
	if (!call->handler) {
		call->handler =
			syscall_row(call->process->frame.regs[A7])->handler;
		if (!task->run)
			task->run = future_resume;
	}
	// In this very pass the process sent itself a signal, or its end.
	if (task->run != future_resume && task == &call->process->task)
		sched_wake(task);
}

static __attribute__((noinline)) int64_t future_wait_again(struct future *future, struct waker *waker)
{
	future_park(future);
	future->waiting.late = false;
	wait_on(&future->waiting, waker);
	return PENDING;
}

// Most often this is the call's first wait, and its process is in no queue: all
// that is done here, and no register needs saving.
int64_t future_wait(struct future *future, struct waker *waker)
{
	struct call *call = &future->call;
	struct task *task = call->task;
	uint64_t number = call->process->frame.regs[A7];

	if (task->queued || task->run || call->handler)
		return future_wait_again(future, waker);
	call->handler = syscall_table[number]->handler;
	task->run = future_resume;
	future->waiting.late = false;
	wait_on(&future->waiting, waker);
	return PENDING;
}

// Without a waker, so nothing could have woken it.
int64_t future_sleep(struct future *future, uint64_t deadline)
{
	future_park(future);
	future->waiting.woken = false;
	wait_until(&future->waiting, deadline);
	return PENDING;
}

int64_t future_wait_until(struct future *future, struct waker *waker, uint64_t deadline)
{
	future_wait(future, waker);
	if (deadline != CLINT_NEVER)
		wait_until(&future->waiting, deadline);
	return PENDING;
}

// Behind the ring and not among what was woken: a call that goes on for long
// competes with programs, not with answers that they wait for.
int64_t future_again(struct future *future)
{
	future_park(future);
	sched_ready(future->call.task);
	return PENDING;
}

int64_t future_behind(struct future *future)
{
	future_park(future);
	sched_wake(future->call.task);
	return PENDING;
}

struct future *future_of_batch;

int64_t future_insist(struct future *future)
{
	future->deaf = true;
	return future_again(future);
}

int64_t future_pause(struct future *future)
{
	future_park(future);
	future->waiting.woken = false;
	future->waiting.late = false;
	return PENDING;
}

// The doorbell that sched_prod() rang is not needed: we switch right now.
int64_t future_return(struct call *call, int64_t result)
{
	struct task *task = call->task;

	if (!task->run || call->handler)
		return result;
	clint_answer();
	if (result != REWRITTEN)
		call->process->frame.regs[A0] = result;
	sched_wake(task);
	return PENDING;
}

struct trapframe *future_go_on(struct task *task)
{
	struct process *process = process_of_task(task);

	if (future_pending(process)) {
		task->run = future_resume;
		return future_resume(task);
	}
	task->run = NULL;
	return &process->frame;
}

int64_t future_interrupt(struct future *future)
{
	int64_t result = FUTURE_RESTART;

	wait_end(&future->waiting);
	if (future->cancel)
		result = future->cancel(future);
	else if (future->progress)
		result = future->progress;
	future_end(future);
	return result;
}

// First a last look, for the bytes or the child may have come together with the
// signal: level-triggered calls would else say EINTR with their result at hand.
int64_t future_interrupt_process(struct process *process)
{
	struct future *future = future_of(call_of(process));
	int64_t result;

	wait_end(&future->waiting);
	result = future->call.handler(&future->call);
	if (result == PENDING)
		return future_interrupt(future);
	future_end(future);
	return result;
}

void future_cancel(struct process *process)
{
	if (future_pending(process))
		future_interrupt(future_of(call_of(process)));
}

static int (*call_fork)(struct process *, struct process *, uint64_t);

static int future_fork(struct process *child, struct process *parent, uint64_t flags)
{
	waiting_init(&future_of(call_of(child))->waiting, &child->task);
	return call_fork(child, parent, flags);
}

// Last of all parts, being the first: most calls have been ended before, by who
// ended the process.
static void future_exit(struct process *process)
{
	future_cancel(process);
}

// The part that floor 6 keeps per process grows from a call to a future.
void wait_init(void)
{
	call_fork = syscall_part.fork;
	syscall_part.fork = future_fork;
	syscall_part.exit = future_exit;
	syscall_part.size = sizeof(struct future);
}
