// Time of day, sleeping, processor time.
#include "linux.h"
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
	return linux_result(CALL2(SYS_clock_gettime, clock, now));
}

int clock_getres(clockid_t clock, struct timespec *step)
{
	return linux_result(CALL2(SYS_clock_getres, clock, step));
}

int _gettimeofday(struct timeval *now, void *zone)
{
	return linux_result(CALL2(SYS_gettimeofday, now, zone));
}
PUBLIC_NAME(gettimeofday);

int nanosleep(const struct timespec *time, struct timespec *left)
{
	return linux_result(CALL2(SYS_nanosleep, time, left));
}

// Returns the error instead of setting errno, as POSIX has it.
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *left)
{
	long result = CALL4(SYS_clock_nanosleep, clock, flags, time, left);

	return result < 0 ? linux_errno(-result) : 0;
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec time = { seconds, 0 }, left = { 0, 0 };

	return nanosleep(&time, &left) < 0 ? left.tv_sec : 0;
}

int usleep(useconds_t microseconds)
{
	struct timespec time = { microseconds / 1000000,
		                 microseconds % 1000000 * 1000 };

	return nanosleep(&time, NULL);
}

int setitimer(int which, const struct itimerval *set, struct itimerval *old)
{
	return linux_result(CALL3(SYS_setitimer, which, set, old));
}

int getitimer(int which, struct itimerval *now)
{
	return linux_result(CALL2(SYS_getitimer, which, now));
}

unsigned int alarm(unsigned int seconds)
{
	struct itimerval set = { .it_value = { seconds, 0 } }, old;

	if (setitimer(ITIMER_REAL, &set, &old) < 0)
		return 0;
	// Never 0 for an alarm that was pending.
	return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

// Linux counts in 1/100 s; newlib's clock() takes what comes from here for
// CLOCKS_PER_SEC, and sysconf(_SC_CLK_TCK) says the same.
clock_t _times(struct tms *out)
{
	const clock_t scale = CLOCKS_PER_SEC / 100;
	long ticks[4], result = CALL1(SYS_times, ticks);

	if (result < 0)
		return linux_result(result);
	out->tms_utime = ticks[0] * scale;
	out->tms_stime = ticks[1] * scale;
	out->tms_cutime = ticks[2] * scale;
	out->tms_cstime = ticks[3] * scale;
	return result * scale;
}
PUBLIC_NAME(times);
