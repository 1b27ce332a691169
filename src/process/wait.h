// Waiting: a system call is a future.  Its handler is polled; it finishes, or
// registers on a waker or a deadline and answers PENDING, and is polled again
// when that comes.  C locals do not survive PENDING: what a call must remember
// is in its struct future.
//
// One record of waiting (struct waiting), one way to park (wait_on,
// wait_until), one way to wake (wake_one, wake_all).
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "lib/list.h"
#include "process/syscall.h"
#include "process/timer.h"
#include <stdbool.h>

// Something that can be waited for.
struct waker {
	struct list waits;
};
#define WAKER_INIT(name) { LIST_INIT((name).waits) }

struct waiting {
	struct list node;        // among the waits of a waker; else alone
	struct task *task;       // is woken
	struct timer timer;
	bool woken;              // by the waker, since wait_on()
	bool late;               // the deadline came, since wait_until()
	uint64_t answer;         // what the waker said
};

// The call of a process, with what floors 7 and up need.
//
// It is put in order when a call that waited is over.  A handler that finishes
// at its first poll therefore leaves phase, progress, object and cancel as it
// found them: zero.
struct future {
	struct call call;        // first
	struct waiting waiting;
	int phase;               // 0 at the first poll; set it only to wait
	uint64_t progress;       // bytes or entries done
	uint64_t goal;           // a deadline, a transaction: never recomputed
	void *object;            // what the call holds
	bool deaf;               // signals are looked at when it is over
	// A signal ends the call: lets go of what is held and says what the
	// call makes of it: the value so far, -EINTR, or FUTURE_RESTART.
	// NULL: progress, if there is any, else FUTURE_RESTART.
	int64_t (*cancel)(struct future *future);
};

// It starts again after the handler, if that has SA_RESTART; else -EINTR.
#define FUTURE_RESTART (-512)

static inline struct future *future_of(struct call *call)
{
	return (struct future *)call;
}

void waker_init(struct waker *waker);
void waiting_init(struct waiting *waiting, struct task *task);

// Registers; the task is woken once, then it is out again.
void wait_on(struct waiting *waiting, struct waker *waker);
void wait_until(struct waiting *waiting, uint64_t deadline);

// Out of the waker's list and the deadlines.
static inline void wait_end(struct waiting *waiting)
{
	list_remove(&waiting->node);
	if (timer_running(&waiting->timer))
		timer_stop(&waiting->timer);
}

// This one, which waits.
void wake(struct waiting *waiting, uint64_t answer);

// The one that waits longest; false: nobody waits.
bool wake_one(struct waker *waker, uint64_t answer);
void wake_everyone(struct waker *waker);

static inline bool waker_idle(const struct waker *waker)
{
	return list_empty(&waker->waits);
}

// Most often nobody waits.
static inline void wake_all(struct waker *waker)
{
	if (!waker_idle(waker))
		wake_everyone(waker);
}

// How a process takes its turn whose call has not finished: polls it.
struct trapframe *future_resume(struct task *task);

// The call waits: PENDING, for its handler to return.
int64_t future_wait(struct future *future, struct waker *waker);
int64_t future_sleep(struct future *future, uint64_t deadline);
int64_t future_wait_until(struct future *future, struct waker *waker, uint64_t deadline);

// Whether it has not waited yet, and its process is in no queue and has no
// signal to look at.
static inline bool future_is_first(const struct future *future)
{
	return !future->call.task->queued && !future->call.task->run &&
	       !future->call.handler;
}

// A call's first wait, for those who know its handler and count every step.
// Such a one only; the handler may be another for the polls that follow.
static inline int64_t future_wait_now(struct future *future,
                                      struct waker *waker,
                                      syscall_handler handler)
{
	future->call.handler = handler;
	future->call.task->run = future_resume;
	future->waiting.late = future->waiting.woken = false;
	list_add_tail(&waker->waits, &future->waiting.node);
	return PENDING;
}

static inline int64_t future_wait_first(struct future *future,
                                        struct waker *waker,
                                        syscall_handler handler)
{
	if (!future_is_first(future))
		return future_wait(future, waker);
	return future_wait_now(future, waker, handler);
}

// The call has used up its budget for one pass: it goes on after the others.
int64_t future_again(struct future *future);

// It gives way only to those that were woken so far.
int64_t future_behind(struct future *future);

// The same for a call that a signal must not cut short, since it has begun what
// user code does not know how to go on with, as munmap() or fork().  (Its end
// still does.)  It may not end its own process.
int64_t future_insist(struct future *future);

// A call that waits may be given its result from outside, as if it had been
// polled, if its process would do nothing else but poll it: a signal has not
// come, and it is no call of a batch.
static inline bool future_only_waits(const struct future *future)
{
	return future->call.task->run == future_resume;
}

// Ready for the next call, which starts in phase 0.
static inline void future_reset(struct future *future)
{
	syscall_reset(&future->call);
	future->phase = 0;
	future->progress = 0;
	future->object = NULL;
	future->cancel = NULL;
}

// With a deadline as well; apart, so that the common case saves no registers.
void future_complete_timed(struct future *future, int64_t result);

static inline void future_complete(struct future *future, int64_t result)
{
	struct call *call = &future->call;

	if (timer_running(&future->waiting.timer)) {
		future_complete_timed(future, result);
		return;
	}
	list_remove(&future->waiting.node);
	call->process->frame.regs[A0] = result;
	call->task->run = NULL;
	future_reset(future);
	sched_wake(call->task);
}

// Whether that takes a few steps only, none of which is a function's call: for
// those whose way is so short that saving registers would show.
static inline bool future_is_quick(const struct future *future)
{
	return future_only_waits(future) && this_hart()->tick != UINT64_MAX &&
	       !timer_running(&future->waiting.timer);
}

static inline void future_complete_quick(struct future *future, int64_t result)
{
	struct task *task = future->call.task;

	list_remove(&future->waiting.node);
	future->call.process->frame.regs[A0] = result;
	future_reset(future);
	task->run = NULL;
	task->queued = this_hart()->mark;
	list_add_tail(&this_hart()->woken, &task->node);
}

// The result of a call that may have sent its own process a signal: then the
// process takes that turn first, and the answer is PENDING.
int64_t future_return(struct call *call, int64_t result);

// The call that is polled, if it is not the running process's own but one of a
// batch; else NULL.  For those below the calls who have something to wait for.
extern struct future *future_of_batch;

// The call waits for nothing but a signal.
int64_t future_pause(struct future *future);

// The process goes on: with its call, if it is in one, else in user mode.
struct trapframe *future_go_on(struct task *task);

// A pending call ends with what it says to a signal.
int64_t future_interrupt(struct future *future);

// The same for a process that is told something else, but may have what it
// waited for as well: then the call is finished with that.
int64_t future_interrupt_process(struct process *process);

// The process will not go on with its call: undoes it.  A process that is in
// no call stays as it is.
void future_cancel(struct process *process);

// Whether the process is in a call that has not finished.
static inline bool future_pending(struct process *process)
{
	return call_of(process)->handler != NULL;
}

// Makes every process's call a future.  Before syscall_init().
void wait_init(void);
