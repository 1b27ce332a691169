// Who used the processor for how long: the accounts must agree.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long clock_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static long in_ms(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

static long usage_ms(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return in_ms(&usage);
}

static void work(long ms)
{
	long end = clock_ms(CLOCK_PROCESS_CPUTIME_ID) + ms;

	while (clock_ms(CLOCK_PROCESS_CPUTIME_ID) < end)
		;
}

static int near(long ms, long wanted)
{
	return ms >= wanted - 20 && ms <= wanted + 60;
}

int main(void)
{
	struct timespec moment = { 0, 300000000 };
	struct rusage usage;
	struct tms times_now;
	long before = clock_ms(CLOCK_PROCESS_CPUTIME_ID), other;
	int status;

	work(200);
	other = usage_ms(RUSAGE_SELF) - before;
	printf("worked %d\n", near(other, 200));
	printf("of the thread %d\n",
	       near(clock_ms(CLOCK_THREAD_CPUTIME_ID) - before, 200));
	before = usage_ms(RUSAGE_SELF);
	nanosleep(&moment, NULL);
	printf("asleep %d\n", near(usage_ms(RUSAGE_SELF) - before, 0));

	pid_t pid = fork();
	if (pid == 0) {
		work(150);
		if (fork() == 0) {
			work(150);
			_exit(0);
		}
		wait(NULL);
		_exit(0);
	}
	wait4(pid, &status, 0, &usage);
	printf("a child and its child %d\n", near(in_ms(&usage), 300));
	printf("children %d\n", near(usage_ms(RUSAGE_CHILDREN), 300));
	printf("not mine %d\n", near(usage_ms(RUSAGE_SELF) - before, 0));
	times(&times_now);
	long hz = sysconf(_SC_CLK_TCK);
	printf("times %d %d\n",
	       near((times_now.tms_cutime + times_now.tms_cstime) * 1000 / hz,
	            300),
	       (long)(times_now.tms_utime + times_now.tms_stime) >= hz / 10);

	// Two that want the processor at the same time.
	pid = fork();
	if (pid == 0) {
		work(200);
		_exit(0);
	}
	before = usage_ms(RUSAGE_SELF);
	work(200);
	wait4(pid, &status, 0, &usage);
	printf("both %d %d\n", near(usage_ms(RUSAGE_SELF) - before, 200),
	       near(in_ms(&usage), 200));
	return 0;
}
