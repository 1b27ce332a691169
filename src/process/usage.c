#include "process/usage.h"
#include "files/proc.h"
#include "lib/errno.h"
#include "machine/clock.h"
#include "process/family.h"
#include "process/sleep.h"
#include "process/user.h"

#define TICK 10000000ul          // ns: Linux's USER_HZ is 100 everywhere

enum { RUSAGE_CHILDREN = -1, RUSAGE_SELF, RUSAGE_THREAD };

static uint64_t usage_ticks(struct process *leader)
{
	uint64_t ticks;

	sched_charge_all();
	ticks = leader->task.used + family_of(leader)->gone;
	FAMILY_THREADS(node, leader)
		ticks += family_thread(node)->task.used;
	return ticks;
}

uint64_t usage_own(struct process *process)
{
	return clock_ns(usage_ticks(family_leader(process)));
}

uint64_t usage_children(struct process *process)
{
	return clock_ns(family_of(family_leader(process))->reaped);
}

void usage_inherit(struct process *parent, struct process *child)
{
	family_of(family_leader(parent))->reaped +=
		usage_ticks(child) + family_of(child)->reaped;
}

int64_t usage_store(struct process *to, uint64_t address, uint64_t ns)
{
	struct timespec used = timespec_of(ns);
	int64_t err = user_zero(to, address, RUSAGE_SIZE);

	used.nanoseconds /= 1000;        // a struct timeval
	return err ? err : user_copy_out(to, address, &used, sizeof used);
}

static uint64_t usage_thread(struct process *process)
{
	sched_charge_all();
	return clock_ns(process->task.used);
}

static uint64_t usage_clock(struct process *process, bool whole)
{
	return whole ? usage_own(process) : usage_thread(process);
}

static int64_t sys_getrusage(struct call *call)
{
	struct process *self = call->process;
	uint64_t ns;

	switch ((int)call->arg[0]) {
	case RUSAGE_SELF:
		ns = usage_own(self);
		break;
	case RUSAGE_CHILDREN:
		ns = usage_children(self);
		break;
	case RUSAGE_THREAD:
		ns = usage_thread(self);
		break;
	default:
		return -EINVAL;
	}
	return usage_store(self, call->arg[1], ns);
}

// struct tms: user and system time, then those of the children.  The result is
// the time since reset.
static int64_t sys_times(struct call *call)
{
	struct process *self = call->process;
	const uint64_t ticks[4] = { usage_own(self) / TICK, 0,
		                    usage_children(self) / TICK, 0 };
	int64_t err = 0;

	if (call->arg[0])
		err = user_copy_out(self, call->arg[0], ticks, sizeof ticks);
	return err ? err : (int64_t)(clock_monotonic() / TICK);
}

static void usage_describe(struct process *process, struct proc_info *info)
{
	info->user_ticks = usage_own(process) / TICK;
	info->children_ticks = usage_children(process) / TICK;
}

static struct proc_source source = { .describe = usage_describe };

static const struct syscall rows[] = {
	SYSCALL(153, times, sys_times, "out:32?"),
	SYSCALL(165, getrusage, sys_getrusage, "int out:144"),
};

void usage_init(void)
{
	proc_add_source(&source);
	sleep_used = usage_clock;
	SYSCALL_REGISTER(rows);
}
