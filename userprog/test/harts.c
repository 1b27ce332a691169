// More than one hart: processes move, floats move along, and what one hart
// takes from a process no other uses any more.  With one hart the same holds.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLAIM(what)                                          \
	do {                                                 \
		if (!(what)) {                               \
			printf("line %d: " #what "\n", __LINE__); \
			exit(1);                             \
		}                                            \
	} while (0)

static uint64_t all;             // harts, a bit each

static long allow(int pid, uint64_t set)
{
	return syscall(SYS_sched_setaffinity, pid, sizeof set, &set);
}

static unsigned here(void)
{
	unsigned hart = 99;

	CLAIM(syscall(SYS_getcpu, &hart, NULL, NULL) == 0);
	return hart;
}

// The value stays in a register from one hart to the next.
static void moving(void)
{
	double x = 1.5, y = 0.25;

	for (int round = 0; round < 50; round++)
		for (unsigned hart = 0; all >> hart; hart++) {
			if (!(all >> hart & 1))
				continue;
			CLAIM(allow(0, 1ul << hart) == 0);
			CLAIM(here() == hart);
			__asm__("fadd.d %0, %0, %1" : "+f"(x) : "f"(y));
		}
	CLAIM(allow(0, all) == 0);
	CLAIM(x == 1.5 + 0.25 * 50 * __builtin_popcountl(all));
	CLAIM(allow(0, 0) == -1 && errno == EINVAL);
	CLAIM(allow(0, 1ul << 40) == -1 && errno == EINVAL);
	printf("moved, and x came along\n");
}

// As Linux: what is wrong with the set comes first.
static void refusing(void)
{
	uint64_t set = all;

	CLAIM(allow(4000000, all) == -1 && errno == ESRCH);
	CLAIM(allow(-1, all) == -1 && errno == ESRCH);
	CLAIM(syscall(SYS_sched_setaffinity, 4000000, 8, NULL) == -1 &&
	      errno == EFAULT);
	CLAIM(syscall(SYS_sched_getaffinity, 4000000, 8, &set) == -1 &&
	      errno == ESRCH);
	CLAIM(syscall(SYS_sched_getaffinity, 4000000, 12, &set) == -1 &&
	      errno == EINVAL);
	CLAIM(syscall(SYS_sched_getaffinity, 0, 0, &set) == -1 &&
	      errno == EINVAL);
	CLAIM(syscall(SYS_sched_getaffinity, 0, 8, NULL) == -1 &&
	      errno == EFAULT);
	printf("refused\n");
}

// A child is sent about while it computes.
static void sending(void)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			;
	for (int i = 0; i < 200; i++) {
		uint64_t set = 1ul << i % 8 & all;

		if (set)
			CLAIM(allow(child, set) == 0);
		usleep(100);
	}
	CLAIM(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
	printf("sent about\n");
}

static volatile long *shared;
static volatile int stop;

static void *storing(void *arg)
{
	while (!stop)
		*shared = *shared + 1;
	return arg;
}

// fork() takes a picture: what another thread stores afterwards, on another
// hart, must not be in it.
static void picture(void)
{
	pthread_t thread;
	int status;

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CLAIM(shared != MAP_FAILED);
	CLAIM(pthread_create(&thread, NULL, storing, NULL) == 0);
	for (int i = 0; i < 60; i++) {
		pid_t child = fork();

		if (child == 0) {
			long first = *shared;

			for (volatile int k = 0; k < 20000; k++)
				;
			_exit(*shared != first);
		}
		CLAIM(child > 0 && waitpid(child, &status, 0) == child);
		CLAIM(status == 0);
	}
	stop = 1;
	pthread_join(thread, NULL);
	printf("the picture does not move\n");
}

static char *volatile page;
static volatile char seen;
static volatile long looks;

static void *looking(void *arg)
{
	while (!stop) {
		seen = *page;
		looks++;
	}
	return arg;
}

// Another page in the place of one that a thread looks at: from then on it sees
// only the new one.
static void replacing(void)
{
	pthread_t thread;

	stop = 0;
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CLAIM(pthread_create(&thread, NULL, looking, NULL) == 0);
	for (int i = 1; i < 200; i++) {
		char *fresh = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		*fresh = i;
		CLAIM(mremap(fresh, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED,
		             page) == page);
		for (long from = looks; looks < from + 3;)
			;
		CLAIM(seen == (char)i);
	}
	stop = 1;
	pthread_join(thread, NULL);
	printf("the old page is gone\n");
}

int main(void)
{
	CLAIM(syscall(SYS_sched_getaffinity, 0, sizeof all, &all) == 8);
	CLAIM(all & 1);
	setvbuf(stdout, NULL, _IONBF, 0);
	moving();
	refusing();
	sending();
	picture();
	replacing();
	return 0;
}
