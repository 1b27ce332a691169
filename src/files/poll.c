#include "files/poll.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "memory/heap.h"
#include "process/deliver.h"
#include "process/sleep.h"
#include "process/user.h"

// The file is held: a descriptor may be closed while we wait for it.
struct watch {
	struct waiting waits[2];
	struct file *file;
};

// ---- looking ----

// What a file without an opinion can always do.
#define ALWAYS (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)
#define UNASKED (POLLERR | POLLHUP | POLLNVAL)

static struct file *poll_file(struct process *process, const struct pollfd *fd)
{
	struct file *file = fd->fd < 0 ? NULL : file_of(process, fd->fd);

	return file && !(file->flags & O_PATH) ? file : NULL;
}

static unsigned poll_look(struct process *process, const struct pollfd *fd,
                          struct waiting *waits)
{
	struct file *file = poll_file(process, fd);
	unsigned found = ALWAYS;

	if (file == NULL)
		return fd->fd < 0 ? 0 : POLLNVAL;
	if (file->ops->poll)
		found = file->ops->poll(file, fd->events, waits);
	return found & (fd->events | UNASKED);
}

static int64_t poll_look_at_all(struct process *process, struct poll *poll)
{
	int64_t ready = 0;

	for (uint32_t i = 0; i < poll->count; i++) {
		poll->fd[i].found = poll_look(process, &poll->fd[i], NULL);
		ready += poll->fd[i].found != 0;
	}
	return ready;
}

// ---- waiting ----

static void watches_end(struct poll *poll)
{
	for (uint32_t i = 0; i < poll->watching; i++) {
		struct watch *watch = &poll->watches[i];

		wait_end(&watch->waits[0]);
		wait_end(&watch->waits[1]);
		file_put(watch->file);
	}
	kfree(poll->watches);
	poll->watches = NULL;
	poll->watching = 0;
}

static void watch_begin(struct poll *poll, struct file *file,
                        struct future *future, const struct pollfd *fd)
{
	struct watch *watch = &poll->watches[poll->watching++];

	waiting_init(&watch->waits[0], future->call.task);
	waiting_init(&watch->waits[1], future->call.task);
	file_get(file);
	watch->file = file;
	file->ops->poll(file, fd->events, watch->waits);
}

static int64_t watches_begin(struct future *future, struct poll *poll)
{
	struct process *process = future->call.process;
	uint32_t count = 0;

	for (uint32_t i = 0; i < poll->count; i++)
		count += poll_file(process, &poll->fd[i]) != NULL;
	if (count == 0)
		return 0;
	poll->watches = kmalloc(count * sizeof poll->watches[0]);
	if (poll->watches == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < poll->count; i++) {
		struct file *file = poll_file(process, &poll->fd[i]);

		if (file && file->ops->poll)
			watch_begin(poll, file, future, &poll->fd[i]);
	}
	return 0;
}

static int64_t poll_cancel(struct future *future)
{
	return poll_end(future, -EINTR);
}

// A signal that is not blocked any more comes now, if nothing else does.
static int64_t poll_wait(struct future *future, struct poll *poll)
{
	bool first = future->phase == 0;
	int64_t err = watches_begin(future, poll);

	if (err)
		return err;
	future->phase = 1;
	future->cancel = poll_cancel;
	if (future->goal == CLINT_NEVER)
		future_pause(future);
	else
		future_sleep(future, future->goal);
	if (first && poll->masked)
		signal_notify(future->call.process);
	return PENDING;
}

// ---- a call ----

struct poll *poll_new(struct future *future, uint32_t count)
{
	struct poll *poll =
		kmalloc(sizeof *poll + count * sizeof poll->fd[0]);

	if (poll == NULL)
		return NULL;
	*poll = (struct poll){ .count = count };
	future->object = poll;
	future->goal = CLINT_NEVER;
	return poll;
}

int64_t poll_set_time(struct future *future, uint64_t address)
{
	struct poll *poll = future->object;
	uint64_t ns;
	int64_t err;

	if (address == 0)
		return 0;
	err = timespec_copy_in(future->call.process, address, &ns);
	if (err)
		return err;
	poll->time_left = address;
	future->goal = sleep_deadline(ns);
	return 0;
}

// As rt_sigsuspend() does: if a handler is called, it brings the mask back.
int64_t poll_set_mask(struct future *future, uint64_t address, uint64_t size)
{
	struct call *call = &future->call;
	struct poll *poll = future->object;
	struct signals *signals = signals_of(call->process);
	sigset set;
	int64_t err;

	if (address == 0)
		return 0;
	if (size != sizeof set || call->task != &call->process->task)
		return -EINVAL;
	err = user_copy_in(call->process, &set, address, sizeof set);
	if (err)
		return err;
	signals->suspended = signals->blocked;
	signals->suspending = true;
	signal_block(call->process, set);
	poll->masked = true;
	return 0;
}

int64_t poll_run(struct future *future)
{
	struct poll *poll = future->object;
	int64_t ready;

	watches_end(poll);
	ready = poll_look_at_all(future->call.process, poll);
	if (ready || clint_now() >= future->goal)
		return ready;
	return poll_wait(future, poll);
}

static void poll_tell_time(struct future *future, uint64_t address)
{
	uint64_t now = clint_now(), left = 0;
	struct timespec t;

	if (future->goal > now)
		left = clock_ns(future->goal - now);
	t = timespec_of(left);
	// As in Linux, it does not matter whether that can be stored.
	user_copy_out(future->call.process, address, &t, sizeof t);
}

int64_t poll_end(struct future *future, int64_t result)
{
	struct process *process = future->call.process;
	struct signals *signals = signals_of(process);
	struct poll *poll = future->object;

	if (poll == NULL)
		return result;
	watches_end(poll);
	if (poll->time_left && !process->ended)
		poll_tell_time(future, poll->time_left);
	if (poll->masked && result != -EINTR) {
		signals->suspending = false;
		signal_block(process, signals->suspended);
	}
	kfree(poll);
	future->object = NULL;
	return result;
}

void poll_undo(struct future *future)
{
	kfree(future->object);
	future->object = NULL;
}

// ---- ppoll() ----

static int64_t ppoll_begin(struct call *call)
{
	struct future *future = future_of(call);
	uint64_t count = (uint32_t)call->arg[1];
	size_t size = count * sizeof(struct pollfd);
	struct poll *poll;
	int64_t err;

	if (count > FILES_LIMIT)
		return -EINVAL;
	poll = poll_new(future, count);
	if (poll == NULL)
		return -ENOMEM;
	err = user_copy_in(call->process, poll->fd, call->arg[0], size);
	if (!err)
		err = user_prepare(call->process, call->arg[0], size,
		                   USER_WRITE);
	if (!err)
		err = poll_set_time(future, call->arg[2]);
	if (!err)
		err = poll_set_mask(future, call->arg[3], call->arg[4]);
	return err;
}

static int64_t sys_ppoll(struct call *call)
{
	struct future *future = future_of(call);
	struct poll *poll = future->object;
	int64_t result = poll ? 0 : ppoll_begin(call), err;

	if (result == PENDING)
		poll_undo(future);
	if (!result)
		result = poll_run(future);
	if (result == PENDING)
		return PENDING;
	poll = future->object;
	if (result >= 0) {
		err = user_copy_out(call->process, call->arg[0], poll->fd,
		                    poll->count * sizeof poll->fd[0]);
		if (err)
			result = err;
	}
	return poll_end(future, result);
}

static const struct syscall rows[] = {
	SYSCALL(73, ppoll, sys_ppoll, "inout:8 int inout:16? in:8? len"),
};

void poll_init(void)
{
	SYSCALL_REGISTER(rows);
}
