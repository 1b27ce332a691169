#include "process/alarm.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "memory/heap.h"
#include "process/family.h"
#include "process/signal.h"
#include "process/sleep.h"
#include "process/timer.h"
#include "process/user.h"

#define ITIMER_REAL 0            // the others count CPU time: -EINVAL

struct alarm {
	struct timer timer;
	uint64_t interval;       // ticks; 0: once
	struct process *process; // the leader
};

// What every process has of this: most never set an alarm.
struct alarm_link {
	struct alarm *alarm;     // in the leader's record; NULL: none so far
};

static void alarm_exit(struct process *process);

static struct process_part alarm_part = {
	.size = sizeof(struct alarm_link),
	.exit = alarm_exit,
};

static struct alarm **alarm_of(struct process *process)
{
	struct alarm_link *link = process_part(process, &alarm_part);

	return &link->alarm;
}

static void alarm_fire(struct timer *timer)
{
	struct alarm *alarm = container_of(timer, struct alarm, timer);
	struct siginfo info = { .signal = SIGALRM, .code = SI_KERNEL };

	uint64_t next = timer->node.key + alarm->interval;

	// What was missed is left out: else a short interval, of which several
	// pass before the signal is sent, would leave no time for anything.
	if (next <= clint_now())
		next = clint_now() + alarm->interval;
	if (alarm->interval)
		timer_start(timer, next);
	family_signal(alarm->process, &info);
}

// Made once and kept: a timer that is set anew each time costs no allocation.
static struct alarm *alarm_make(struct process *leader)
{
	struct alarm **alarm = alarm_of(leader);

	if (*alarm == NULL)
		*alarm = kzalloc(sizeof **alarm);
	if (*alarm) {
		(*alarm)->timer.fire = alarm_fire;
		(*alarm)->process = leader;
	}
	return *alarm;
}

// It is the process's: a leader that ends before the others leaves it.
static void alarm_exit(struct process *process)
{
	struct alarm **alarm = alarm_of(family_leader(process));

	if (!family_last(process))
		return;
	if (*alarm)
		timer_stop(&(*alarm)->timer);
	kfree(*alarm);
	*alarm = NULL;
}

// struct itimerval: two struct timeval.
struct itimerval {
	int64_t interval, interval_us, left, left_us;
};

static struct itimerval alarm_read(struct alarm *alarm)
{
	uint64_t now = clint_now(), left = 0;
	struct timespec interval, rest;

	if (alarm == NULL)
		return (struct itimerval){ 0 };
	interval = timespec_of(clock_ns(alarm->interval));
	if (timer_running(&alarm->timer) && alarm->timer.node.key > now)
		left = alarm->timer.node.key - now;
	rest = timespec_of(clock_ns(left));
	return (struct itimerval){
		interval.seconds, interval.nanoseconds / 1000,
		rest.seconds, rest.nanoseconds / 1000,
	};
}

// Ticks; -EINVAL for what is no time.
// Cut to 68 years, so that no product overflows.
static int64_t ticks_of(int64_t seconds, int64_t us)
{
	if (seconds < 0 || us < 0 || us >= 1000000)
		return -EINVAL;
	if (seconds > INT32_MAX)
		seconds = INT32_MAX;
	return clock_ticks(seconds * NANOSECONDS + us * 1000);
}

// Checked as a whole before the old one is stopped.  One tick more, because the
// one under way has begun.
static int64_t alarm_set(struct process *leader, const struct itimerval *new)
{
	struct alarm *alarm = alarm_make(leader);
	int64_t interval = ticks_of(new->interval, new->interval_us);
	int64_t left = ticks_of(new->left, new->left_us);

	if (interval < 0 || left < 0)
		return -EINVAL;
	if (alarm == NULL)
		return -ENOMEM;
	timer_stop(&alarm->timer);
	alarm->interval = interval;
	if (left)
		timer_start(&alarm->timer, clint_now() + left + 1);
	return 0;
}

static int64_t sys_setitimer(struct call *call)
{
	struct process *self = call->process;
	struct process *leader = family_leader(self);
	struct itimerval old = alarm_read(*alarm_of(leader)), new = { 0 };
	int64_t err = 0;

	if (call->arg[0] != ITIMER_REAL)
		return -EINVAL;
	if (call->arg[2])
		err = user_prepare(self, call->arg[2], sizeof old, USER_WRITE);
	if (!err && call->arg[1])
		err = user_copy_in(self, &new, call->arg[1], sizeof new);
	if (!err)
		err = alarm_set(leader, &new);
	if (!err && call->arg[2])
		err = user_copy_out(self, call->arg[2], &old, sizeof old);
	return err;
}

static int64_t sys_getitimer(struct call *call)
{
	struct process *leader = family_leader(call->process);
	struct itimerval now = alarm_read(*alarm_of(leader));

	if (call->arg[0] != ITIMER_REAL)
		return -EINVAL;
	return user_copy_out(call->process, call->arg[1], &now, sizeof now);
}

static const struct syscall rows[] = {
	SYSCALL(102, getitimer, sys_getitimer, "int out:32"),
	SYSCALL(103, setitimer, sys_setitimer, "int in:32? out:32?"),
};

void alarm_init(void)
{
	process_register(&alarm_part);
	SYSCALL_REGISTER(rows);
}
