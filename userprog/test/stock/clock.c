// The time of day, twice.
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

int main(void)
{
	struct timeval before, after;
	volatile int work = 0;

	gettimeofday(&before, NULL);
	while (work < 1000000)
		work = work + 1;
	gettimeofday(&after, NULL);
	long passed = (after.tv_sec - before.tv_sec) * 1000000L +
	              after.tv_usec - before.tv_usec;
	printf("after 2020 %d\n", before.tv_sec > 1577836800);
	printf("passed %d less than a minute %d\n", passed > 0,
	       passed < 60000000);
	printf("time %d\n", time(NULL) - after.tv_sec < 2);
	return 0;
}
