#include "process/batch.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "process/futex.h"
#include "process/user.h"
#include "process/wait.h"

#define BATCH_PASS 64            // entries started in one pass

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

// ---- completing --------------------------------------------------------------

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

static void flight_complete(struct flight *flight, int64_t result)
{
	struct process *process = flight->future.call.process;

	entry_store(process, flight->entry, result);
	submission_count(process, flight->submission);
	flight_end(flight);
}

static struct trapframe *flight_turn(struct task *task)
{
	struct flight *flight = container_of(task, struct flight, task);
	int64_t result;

	wait_end(&flight->future.waiting);
	result = flight->future.call.handler(&flight->future.call);
	if (result != PENDING)
		flight_complete(flight, result);
	return NULL;
}

// ---- submitting --------------------------------------------------------------

// These are about the thread that calls, or never return to it.
static bool batch_refuses(uint32_t number)
{
	static const uint16_t alone[] = {
		93, 94, 96, 99, 124, 133, 137, 139, 220, 221, 435, SYS_BATCH,
	};

	for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (number == alone[i])
			return true;
	return false;
}

static struct flight *flight_new(struct process *process)
{
	struct flights *flights = flights_of(process);
	struct flight *flight = flights->spare;

	flights->spare = NULL;
	if (flight)
		return flight;
	flight = kzalloc(sizeof *flight);
	if (flight == NULL)
		return NULL;
	waiting_init(&flight->future.waiting, &flight->task);
	list_init(&flight->node);
	flight->task.run = flight_turn;
	flight->future.call.process = process;
	flight->future.call.task = &flight->task;
	flight->future.call.arg = flight->future.saved;
	return flight;
}

static void flight_launch(struct flight *flight, struct submission *submission, uint64_t entry)
{
	struct flights *flights = flights_of(flight->future.call.process);

	flight->submission = submission;
	submission->refs++;
	flight->entry = entry;
	list_add_tail(&flights->list, &flight->node);
	flights->count++;
}

// Starts one call; `entry` is in kernel memory, `at` is where the user has it.
// 0, or -EAGAIN or -ENOMEM: not started.
static int64_t batch_start(struct process *process, struct submission *submission, struct batch_entry *entry, uint64_t at)
{
	const struct syscall *row = syscall_row(entry->number);
	struct flight *flight;
	int64_t result = -ENOSYS;

	if (flights_of(process)->count >= BATCH_MOST)
		return -EAGAIN;
	flight = flight_new(process);
	if (flight == NULL)
		return -ENOMEM;
	memcpy(flight->future.saved, entry->argument, sizeof entry->argument);
	if (row) {
		flight->future.call.handler = row->handler;
		result = batch_refuses(entry->number)
		                 ? -EINVAL : row->handler(&flight->future.call);
	}
	if (result == PENDING) {
		entry->status = BATCH_IN_FLIGHT;
		flight_launch(flight, submission, at);
		return 0;
	}
	flights_of(process)->spare = flight;
	entry->result = result;
	entry->status = BATCH_DONE;
	submission_count(process, submission);
	return 0;
}

// The entries from `progress` on, up to the end of the pass.  Each lies in one
// page, being aligned to its size.
static int64_t batch_submit(struct call *call, struct submission *submission)
{
	struct future *future = future_of(call);
	uint64_t count = call->arg[1];
	int64_t err = 0;

	for (int i = 0; i < BATCH_PASS && future->progress < count; i++) {
		uint64_t at = call->arg[0] +
		              future->progress * sizeof(struct batch_entry);
		size_t room;
		void *entry;

		err = user_translate(call->process, at,
		                     USER_READ | USER_WRITE, &entry, &room);
		if (!err)
			err = batch_start(call->process, submission, entry, at);
		if (err)
			break;
		future->progress++;
	}
	return err;
}

// ---- the call ----------------------------------------------------------------

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

	if (call->arg[0] % sizeof(struct batch_entry) || call->arg[3] % 4 ||
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
// what was.
static int64_t batch_finish(struct future *future, int64_t err)
{
	int64_t done = batch_end(future);
	bool none = future->progress == 0;

	future->object = NULL;
	future->progress = 0;
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
	err = batch_submit(call, submission);
	if (err)
		return batch_finish(future, err);
	if (future->progress < call->arg[1])
		return future_again(future);
	if (submission->done < call->arg[2])
		return future_wait(future, &submission->progress);
	return batch_finish(future, 0);
}

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
	SYSCALL(SYS_BATCH, batch, sys_batch, "inout:64 int int inout:4?"),
	SYSCALL(SYS_BATCH_CANCEL, batch_cancel, sys_batch_cancel, "ptr"),
};

void batch_init(void)
{
	process_register(&flights_part);
	SYSCALL_REGISTER(rows);
}
