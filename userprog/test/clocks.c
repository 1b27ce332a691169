// Time: it passes, in order, and nobody is woken early.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void sleeping(long ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };
	long before = now(CLOCK_MONOTONIC);
	int result = nanosleep(&t, NULL);
	long passed = now(CLOCK_MONOTONIC) - before;

	printf("%ld: %d early %d late %d\n", ns, result,
	       passed<ns, passed> ns + 10000000000);
}

static void until(void)
{
	long end = now(CLOCK_MONOTONIC) + 30000000;
	struct timespec t = { end / 1000000000, end % 1000000000 };

	printf("until %d",
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
	printf(" early %d\n", now(CLOCK_MONOTONIC) < end);
}

int main(void)
{
	struct timespec bad = { 0, 1000000000 }, t;
	struct timeval tv;
	struct tms tms;
	long last = 0, backwards = 0;

	gettimeofday(&tv, NULL);
	printf("after 2020 %d before 2100 %d\n", tv.tv_sec > 1577836800,
	       tv.tv_sec < 4102444800);
	printf("same %d\n",
	       labs(tv.tv_sec - now(CLOCK_REALTIME) / 1000000000) < 2);
	printf("time %d\n", labs(time(NULL) - tv.tv_sec) < 2);
	for (int i = 0; i < 1000; i++) {
		long t1 = now(CLOCK_MONOTONIC);

		backwards += t1 < last;
		last = t1;
	}
	printf("backwards %ld\n", backwards);
	sleeping(0);
	sleeping(1);
	sleeping(1000000);
	sleeping(50000000);
	until();
	printf("bad %d", nanosleep(&bad, NULL));
	printf(" %s", strerror(errno));
	printf(" clock %d", clock_gettime(77, &t));
	printf(" %s\n", strerror(errno));
	printf("times %d\n", times(&tms) != (clock_t)-1);
	return 0;
}
