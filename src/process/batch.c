#include "process/batch.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "process/futex.h"
#include "process/user.h"
#include "process/wait.h"

#define ENTRY_SIZE sizeof(struct batch_entry)
_Static_assert(ENTRY_SIZE == 64, "a page holds a whole number of entries");

// What a call knows of its submission, as long as one of its calls, or the
// submitter, still refers to it.
struct submission {
	uint32_t refs;
	uint32_t done;
	uint64_t counter;        // user address; 0: none
	struct waker progress;   // something is done
};

// A call in flight, which takes turns of its own.
struct flight {
	struct future future;
	struct arguments {
		uint64_t argument[6];
	} saved;                 // those of the call
	struct task task;
	struct list node;        // in the process's flights
	struct submission *submission;
	uint64_t entry;          // user address
};

// What a process has of this.
struct flights {
	struct list list;
	uint32_t count;
	struct flight *spare;    // the last one that was not needed
};

static int flights_fork(struct process *child, struct process *parent, uint64_t flags);
static void flights_end(struct process *process);

static struct process_part flights_part = {
	.size = sizeof(struct flights),
	.fork = flights_fork,
	.exec = flights_end,
	.exit = flights_end,
};

static struct flights *flights_of(struct process *process)
{
	return process_part(process, &flights_part);
}

// A child has no calls in flight.
static int flights_fork(struct process *child, struct process *parent, uint64_t flags)
{
	(void)parent, (void)flags;
	list_init(&flights_of(child)->list);
	return 0;
}

static void submission_put(struct submission *submission)
{
	if (--submission->refs == 0)
		kfree(submission);
}

// Out of everything, and freed.
static void flight_end(struct flight *flight)
{
	struct flights *flights = flights_of(flight->future.call.process);

	wait_end(&flight->future.waiting);
	sched_park(&flight->task);
	list_remove(&flight->node);
	flights->count--;
	submission_put(flight->submission);
	kfree(flight);
}

// The program is another one, or there is none: nobody asks for results.
// Each is told first, to let go of what it holds; then it is out of the queues,
// for telling it may have woken it.
static void flights_end(struct process *process)
{
	struct flights *flights = flights_of(process);

	LIST_EACH(node, &flights->list) {
		struct flight *flight = container_of(node, struct flight, node);

		future_interrupt(&flight->future);
		flight_end(flight);
	}
	kfree(flights->spare);
	flights->spare = NULL;
}

// ---- completing -------------------------------------------------------------

// The counter is a word of the user's: if it is gone, the count here still is
// right.
static void submission_count(struct process *process, struct submission *submission)
{
	uint32_t value;

	submission->done++;
	wake_all(&submission->progress);
	if (submission->counter == 0 ||
	    user_copy_in(process, &value, submission->counter, 4))
		return;
	value++;
	if (user_copy_out(process, submission->counter, &value, 4) == 0)
		futex_wake(process, submission->counter, INT32_MAX);
}

// The entry was there when the call was submitted.  If the process has unmapped
// it since, the result is nobody's.
static void entry_store(struct process *process, uint64_t entry, int64_t result)
{
	const uint32_t status = BATCH_DONE;

	user_copy_out(process, entry + offsetof(struct batch_entry, result),
	              &result, sizeof result);
	user_copy_out(process, entry + offsetof(struct batch_entry, status),
	              &status, sizeof status);
}

// The entry is stored before it is counted: who sees the count may read it.
static void flight_complete(struct flight *flight, int64_t result)
{
	struct process *process = flight->future.call.process;

	entry_store(process, flight->entry, result);
	submission_count(process, flight->submission);
	flight_end(flight);
}

// Never a frame: the process goes on by itself, this is only its call.
static struct trapframe *flight_turn(struct task *task)
{
	struct flight *flight = container_of(task, struct flight, task);
	int64_t result;

	wait_end(&flight->future.waiting);
	future_of_batch = &flight->future;
	result = flight->future.call.handler(&flight->future.call);
	future_of_batch = NULL;
	if (result != PENDING)
		flight_complete(flight, result);
	return NULL;
}

// ---- submitting -------------------------------------------------------------

// NULL with *err: -EAGAIN for too many, or -ENOMEM.
static struct flight *flight_new(struct process *process, int64_t *err)
{
	struct flights *flights = flights_of(process);
	struct flight *flight = flights->spare;

	*err = flights->count >= BATCH_MOST ? -EAGAIN : 0;
	if (*err)
		return NULL;
	flights->spare = NULL;
	if (flight)
		return flight;
	flight = kzalloc(sizeof *flight);
	*err = flight ? 0 : -ENOMEM;
	if (*err)
		return NULL;
	waiting_init(&flight->future.waiting, &flight->task);
	list_init(&flight->node);
	flight->task.run = flight_turn;
	flight->future.call.process = process;
	flight->future.call.task = &flight->task;
	flight->future.call.arg = flight->saved.argument;
	return flight;
}

// Only one that waits needs to be found again.
static void flight_launch(struct flight *flight, struct submission *submission, uint64_t entry)
{
	struct flights *flights = flights_of(flight->future.call.process);

	flight->submission = submission;
	submission->refs++;
	flight->entry = entry;
	list_add_tail(&flights->list, &flight->node);
	flights->count++;
}

static int64_t batch_call(struct flight *flight, const struct batch_entry *entry)
{
	struct call *call = &flight->future.call;
	const struct syscall *row = syscall_row(entry->number);

	// One assignment, which the compiler unrolls.
	flight->saved = *(const struct arguments *)entry->argument;
	if (row == NULL)
		return -ENOSYS;
	if (row->alone)
		return -EINVAL;
	call->handler = row->handler;
	return row->handler(call);
}

// Whether the call was done at once, so that the flight is free again.
static bool batch_start(struct flight *flight, struct submission *submission, struct batch_entry *entry, uint64_t at)
{
	int64_t result = batch_call(flight, entry);

	if (result == PENDING) {
		entry->status = BATCH_IN_FLIGHT;
		flight_launch(flight, submission, at);
		return false;
	}
	entry->result = result;
	entry->status = BATCH_DONE;
	if (submission->counter)
		submission_count(flight->future.call.process, submission);
	else
		submission->done++;      // the submitter is not waiting yet
	return true;
}

// The entries from `progress` on that lie in one page, `room` bytes from `at`.
// 0, or -EAGAIN or -ENOMEM.
static int64_t batch_page(struct future *future, struct batch_entry *entry, size_t room, uint64_t at)
{
	struct flights *flights = flights_of(future->call.process);
	uint64_t left = future->goal - future->progress;
	uint64_t last = at + room < at + left * ENTRY_SIZE
	                        ? at + room : at + left * ENTRY_SIZE;
	struct flight *flight = NULL;
	int64_t err = 0;

	for (; at < last; at += ENTRY_SIZE, entry++) {
		if (flight == NULL)
			flight = flight_new(future->call.process, &err);
		if (flight == NULL)
			break;
		future_of_batch = &flight->future;
		if (!batch_start(flight, future->object, entry, at))
			flight = NULL;
		future->progress++;
	}
	future_of_batch = NULL;
	flights->spare = flight;
	return err;
}

// One pass: up to the end of the page.  Entries are aligned to their size, so
// none lies across it.
static int64_t batch_submit(struct future *future)
{
	struct call *call = &future->call;
	uint64_t at = call->arg[0] + future->progress * ENTRY_SIZE;
	size_t room;
	void *entry;
	int64_t err;

	if (future->progress == call->arg[1])
		return 0;
	err = user_translate(call->process, at, USER_WRITE, &entry, &room);
	return err ? err : batch_page(future, entry, room, at);
}

// ---- the call ---------------------------------------------------------------

static int64_t batch_end(struct future *future)
{
	struct submission *submission = future->object;
	int64_t done = submission->done;

	submission_put(submission);
	return done;
}

static int64_t batch_begin(struct call *call)
{
	struct submission *submission;
	int64_t err = 0;

	if (call->arg[0] % ENTRY_SIZE || call->arg[3] % 4 ||
	    call->arg[1] > BATCH_MOST || call->arg[2] > call->arg[1])
		return -EINVAL;
	if (call->arg[3])
		err = user_prepare(call->process, call->arg[3], 4, USER_WRITE);
	if (err)
		return err;
	submission = kzalloc(sizeof *submission);
	if (submission == NULL)
		return -ENOMEM;
	submission->refs = 1;
	submission->counter = call->arg[3];
	waker_init(&submission->progress);
	future_of(call)->object = submission;
	return 0;
}

// An error counts only if nothing was started: else the caller must know of
// what was.  A batch that is done at its first poll was never reset: the next
// call of the process must not inherit how this one ends.
static int64_t batch_finish(struct future *future, int64_t err)
{
	int64_t done = batch_end(future);
	bool none = future->progress == 0;

	future->object = NULL;
	future->progress = 0;
	future->cancel = NULL;
	return err && none ? err : done;
}

static int64_t sys_batch(struct call *call)
{
	struct future *future = future_of(call);
	struct submission *submission;
	int64_t err;

	if (future->object == NULL) {
		err = batch_begin(call);
		if (err)
			return err;
	}
	submission = future->object;
	future->cancel = batch_end;
	future->goal = call->arg[1];
	err = batch_submit(future);
	if (err)
		return batch_finish(future, err);
	if (future->progress < call->arg[1])
		return future_again(future);
	if (submission->done < call->arg[2])
		return future_wait(future, &submission->progress);
	return batch_finish(future, 0);
}

// By the address of the entry, which user code knows, and which is in flight
// once at most unless it was submitted twice.
static int64_t sys_batch_cancel(struct call *call)
{
	LIST_EACH(node, &flights_of(call->process)->list) {
		struct flight *flight = container_of(node, struct flight, node);
		int64_t result;

		if (flight->entry != call->arg[0])
			continue;
		result = future_interrupt(&flight->future);
		if (result == FUTURE_RESTART || result == -EINTR)
			result = -ECANCELED;
		flight_complete(flight, result);
		return 0;
	}
	return -ENOENT;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(SYS_BATCH, batch, sys_batch, "inout:64 int int inout:4?"),
	SYSCALL(SYS_BATCH_CANCEL, batch_cancel, sys_batch_cancel, "ptr"),
};

void batch_init(void)
{
	process_register(&flights_part);
	SYSCALL_REGISTER(rows);
}
