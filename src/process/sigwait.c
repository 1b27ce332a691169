#include "process/sigwait.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "process/deliver.h"
#include "process/sleep.h"
#include "process/user.h"

static int64_t suspend_end(struct future *future)
{
	(void)future;
	return -EINTR;           // the mask comes back with the handler
}

// Waits for a signal that calls a handler, with another mask until then.
static int64_t sys_rt_sigsuspend(struct call *call)
{
	struct future *future = future_of(call);
	struct signals *signals = signals_of(call->process);
	sigset set;
	int64_t err;

	if (future->phase)
		return future_pause(future);
	if (call->arg[1] != sizeof set)
		return -EINVAL;
	err = user_copy_in(call->process, &set, call->arg[0], sizeof set);
	if (err)
		return err;
	signals->suspended = signals->blocked;
	signals->suspending = true;
	signal_block(call->process, set);
	future->phase = 1;
	future->cancel = suspend_end;
	future_pause(future);
	signal_notify(call->process);
	return PENDING;
}

static int64_t timedwait_end(struct future *future)
{
	signals_of(future->call.process)->awaited = 0;
	return -EINTR;
}

// The memory was prepared when the call began; if it has been unmapped since,
// the signal is taken all the same, and only the details are lost.
static int64_t timedwait_took(struct call *call, const struct siginfo *info)
{
	uint32_t out[32] = { info->signal, 0, info->code, 0, info->pid, 0,
		             info->status };

	signals_of(call->process)->awaited = 0;
	if (call->arg[1])
		user_copy_out(call->process, call->arg[1], out, sizeof out);
	return info->signal;
}

// All that can fail comes before `awaited` is set: from then on senders count
// on the call to take the signal.
static int64_t timedwait_start(struct call *call)
{
	struct future *future = future_of(call);
	sigset set;
	uint64_t ns;
	int64_t err = user_copy_in(call->process, &set, call->arg[0],
	                           sizeof set);

	if (!err && call->arg[1])
		err = user_prepare(call->process, call->arg[1], 128,
		                   USER_WRITE);
	if (!err && call->arg[2])
		err = timespec_copy_in(call->process, call->arg[2], &ns);
	if (err)
		return err;
	future->goal = call->arg[2] ? sleep_deadline(ns) : CLINT_NEVER;
	signals_of(call->process)->awaited = set;
	return 0;
}

// Takes a signal that is blocked, without calling its handler.
static int64_t sys_rt_sigtimedwait(struct call *call)
{
	struct future *future = future_of(call);
	struct signals *signals = signals_of(call->process);
	struct siginfo info;
	int64_t err;

	if (call->arg[3] != sizeof(sigset))
		return -EINVAL;
	err = future->phase ? 0 : timedwait_start(call);
	if (err)
		return err;
	if (signal_take(call->process, signals->awaited, &info))
		return timedwait_took(call, &info);
	if (clint_now() >= future->goal) {
		signals->awaited = 0;
		return -EAGAIN;
	}
	future->phase = 1;
	future->cancel = timedwait_end;
	if (future->goal == CLINT_NEVER)
		return future_pause(future);
	return future_sleep(future, future->goal);
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(133, rt_sigsuspend, sys_rt_sigsuspend, "in:8 len"),
	SYSCALL_ALONE(137, rt_sigtimedwait, sys_rt_sigtimedwait,
	              "in:8 out:128? in:16? len"),
};

void sigwait_init(void)
{
	SYSCALL_REGISTER(rows);
}
