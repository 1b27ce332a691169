#include "process/sleep.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "process/user.h"
#include "process/wait.h"

// clockid_t, as far as it makes sense here.
enum {
	CLOCK_REALTIME = 0,
	CLOCK_MONOTONIC = 1,
	CLOCK_PROCESS_CPUTIME = 2,
	CLOCK_THREAD_CPUTIME = 3,
	CLOCK_MONOTONIC_RAW = 4,
	CLOCK_REALTIME_COARSE = 5,
	CLOCK_MONOTONIC_COARSE = 6,
	CLOCK_BOOTTIME = 7,
};

#define TIMER_ABSTIME 1
#define NS_MOST (UINT64_MAX / 4) // more than a century

struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ ns / NANOSECONDS, ns % NANOSECONDS };
}

// What is longer than a century is for ever: so no sum of two times overflows.
int64_t timespec_copy_in(struct process *process, uint64_t address, uint64_t *ns)
{
	struct timespec t;
	int64_t err = user_copy_in(process, &t, address, sizeof t);

	if (err)
		return err;
	if (t.seconds < 0 || t.nanoseconds < 0 ||
	    t.nanoseconds >= (int64_t)NANOSECONDS)
		return -EINVAL;
	*ns = NS_MOST;
	if ((uint64_t)t.seconds < NS_MOST / NANOSECONDS)
		*ns = t.seconds * NANOSECONDS + t.nanoseconds;
	return 0;
}

uint64_t sleep_deadline(uint64_t ns)
{
	if (ns >= NS_MOST)
		return CLINT_NEVER;
	// The tick under way has begun already, so one more.
	return clint_now() + clock_ticks(ns) + (ns != 0);
}

static bool sleep_is_real(uint64_t id)
{
	return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
}

uint64_t (*sleep_used)(struct process *process, bool whole);

static bool sleep_is_used(uint64_t id)
{
	return sleep_used && (id == CLOCK_PROCESS_CPUTIME ||
	                      id == CLOCK_THREAD_CPUTIME);
}

static int64_t sleep_clock(struct process *process, uint64_t id, uint64_t *now)
{
	if (id > CLOCK_BOOTTIME)
		return -EINVAL;
	if (sleep_is_used(id))
		*now = sleep_used(process, id == CLOCK_PROCESS_CPUTIME);
	else
		*now = sleep_is_real(id) ? clock_realtime() : clock_monotonic();
	return 0;
}

// Where a point in time of a clock lies on mtime: not by way of what is left
// until then, which would depend on when it was asked.
static uint64_t sleep_point(uint64_t id, uint64_t ns)
{
	uint64_t start = sleep_is_real(id) ? clock_boot() : 0;

	if (ns >= NS_MOST)
		return CLINT_NEVER;
	return ns > start ? clock_ticks(ns - start) : 0;
}

// A signal: what is left goes to where the call said, if it said so.  An
// absolute deadline is still known to who asked.
static int64_t sleep_end(struct future *future)
{
	struct call *call = &future->call;
	uint64_t now = clint_now(), left = 0;
	struct timespec t;

	// Of a process that ends, the memory is gone before its call.
	if (future->progress == 0 || call->process->ended)
		return -EINTR;
	if (future->goal > now)
		left = clock_ns(future->goal - now);
	t = timespec_of(left);
	user_copy_out(call->process, future->progress, &t, sizeof t);
	return -EINTR;
}

// Phase 1 sleeps until the goal; progress is the address for the rest.
// A deadline that has passed is no wait: the call is over at its first poll.
static int64_t sleep_until(struct future *future, uint64_t deadline, uint64_t rest)
{
	if (deadline <= clint_now())
		return 0;
	future->phase = 1;
	future->goal = deadline;
	future->progress = rest;
	future->cancel = sleep_end;
	return future_sleep(future, deadline);
}

// A wake-up may have another reason, as SIGCONT; the deadline is the same
// still.
static int64_t sleep_goes_on(struct future *future)
{
	if (clint_now() >= future->goal)
		return 0;
	return future_sleep(future, future->goal);
}

static int64_t sys_nanosleep(struct call *call)
{
	struct future *future = future_of(call);
	uint64_t ns;
	int64_t err;

	if (future->phase)
		return sleep_goes_on(future);
	err = timespec_copy_in(call->process, call->arg[0], &ns);
	if (!err && call->arg[1])
		err = user_prepare(call->process, call->arg[1], 16, USER_WRITE);
	if (err)
		return err;
	return sleep_until(future, sleep_deadline(ns), call->arg[1]);
}

// What is left is told only of a duration: TIMER_ABSTIME never stores it.
static int64_t sys_clock_nanosleep(struct call *call)
{
	struct future *future = future_of(call);
	uint64_t ns, now;
	int64_t err;

	if (future->phase)
		return sleep_goes_on(future);
	// Nobody is woken by the time that somebody used.
	if (sleep_is_used(call->arg[0]))
		return call->arg[0] == CLOCK_THREAD_CPUTIME ? -EINVAL
		                                            : -EOPNOTSUPP;
	err = sleep_clock(call->process, call->arg[0], &now);
	if (err)
		return err;
	err = timespec_copy_in(call->process, call->arg[2], &ns);
	if (err)
		return err;
	if (call->arg[1] & TIMER_ABSTIME)
		return sleep_until(future, sleep_point(call->arg[0], ns), 0);
	if (call->arg[3])
		err = user_prepare(call->process, call->arg[3], 16, USER_WRITE);
	if (err)
		return err;
	return sleep_until(future, sleep_deadline(ns), call->arg[3]);
}

static int64_t sys_clock_gettime(struct call *call)
{
	struct timespec t;
	uint64_t now;
	int64_t err = sleep_clock(call->process, call->arg[0], &now);

	if (err)
		return err;
	t = timespec_of(now);
	return user_copy_out(call->process, call->arg[1], &t, sizeof t);
}

// The clocks themselves belong to the machine.  A bad address, and a page that
// is not there, are the other one's business.
static bool free_clock_gettime(struct trapframe *frame)
{
	struct process *process = process_of(frame);
	uint64_t id = frame->regs[A0], now;
	struct timespec t;

	if (id > CLOCK_BOOTTIME || sleep_is_used(id))
		return false;
	sleep_clock(process, id, &now);
	t = timespec_of(now);
	if (!user_store_free ||
	    !user_store_free(process, frame->regs[A1], &t, sizeof t))
		return false;
	frame->regs[A0] = 0;
	return true;
}

static int64_t sys_clock_getres(struct call *call)
{
	struct timespec t = timespec_of(clock_ns(1));
	uint64_t now;
	int64_t err = sleep_clock(call->process, call->arg[0], &now);

	if (err || call->arg[1] == 0)
		return err;
	return user_copy_out(call->process, call->arg[1], &t, sizeof t);
}

static int64_t sys_gettimeofday(struct call *call)
{
	struct timespec t = timespec_of(clock_realtime());
	int64_t err = 0;

	t.nanoseconds /= 1000;           // a struct timeval
	if (call->arg[0])
		err = user_copy_out(call->process, call->arg[0], &t, sizeof t);
	if (call->arg[1] && !err)        // no time zone
		err = user_zero(call->process, call->arg[1], 8);
	return err;
}

static const struct syscall rows[] = {
	SYSCALL(101, nanosleep, sys_nanosleep, "in:16 out:16?"),
	SYSCALL_FREE(113, clock_gettime, sys_clock_gettime, free_clock_gettime,
	             "int out:16"),
	SYSCALL(114, clock_getres, sys_clock_getres, "int out:16?"),
	SYSCALL(115, clock_nanosleep, sys_clock_nanosleep,
	        "int flags in:16 out:16?"),
	SYSCALL(169, gettimeofday, sys_gettimeofday, "out:16? out:8?"),
};

void sleep_init(void)
{
	SYSCALL_REGISTER(rows);
}
