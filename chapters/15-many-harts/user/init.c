// Process 1 of the chapter: it goes from hart to hart, and then has four
// children that compute, each on a hart of its own.
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned here(void)
{
	unsigned hart;

	syscall(SYS_getcpu, &hart, NULL, NULL);
	return hart;
}

static void go(unsigned hart)
{
	uint64_t set = 1ul << hart;

	syscall(SYS_sched_setaffinity, 0, sizeof set, &set);
}

// The sum is in a float register, and comes along.
static void walk(unsigned harts)
{
	double sum = 0;

	for (unsigned hart = 0; hart < harts; hart++) {
		go(hart);
		sum += 0.25;
		printf("process 1 is on hart %u, its sum is %d/4\n", here(),
		       (int)(sum * 4));
		fflush(stdout);
	}
}

static int compute(unsigned hart)
{
	unsigned long sum = 0;

	go(hart);
	for (unsigned long i = 1; i <= 100000; i++)
		sum += i;
	return sum == 5000050000 && here() == hart;
}

static void share(unsigned harts)
{
	int right = 0, status;

	for (unsigned hart = 0; hart < harts; hart++)
		if (fork() == 0)
			_exit(compute(hart));
	while (wait(&status) > 0)
		right += WEXITSTATUS(status);
	printf("%d children have computed, each on its hart\n", right);
}

int main(void)
{
	uint64_t set = 0;
	unsigned harts = 0;

	syscall(SYS_sched_getaffinity, 0, sizeof set, &set);
	for (; set; set &= set - 1)
		harts++;
	walk(harts);
	share(harts);
	return 0;
}
