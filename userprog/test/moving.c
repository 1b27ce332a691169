// fork() while another thread moves memory about: the child has all of it as it
// was before some move or after it, never half of it, and none of it twice.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define BLOCK 80 // pages that move
#define FILLER 1500 // pages between the two places, so that fork takes its time
#define FORKS 30

static char *low, *high;
static int probe[2]; // a pipe: it says whether an address is mapped
static volatile int begun, over;
static volatile unsigned long moves;

static int is_mapped(const char *at)
{
	char byte;

	if (write(probe[1], at, 1) != 1)
		return 0;
	return read(probe[0], &byte, 1) == 1;
}

static void move(char *from, char *to)
{
	if (mremap(from, BLOCK * PAGE, BLOCK * PAGE,
	           MREMAP_MAYMOVE | MREMAP_FIXED, to) != to) {
		printf("wrong: mremap\n");
		exit(1);
	}
	moves++;
}

static void *mover(void *unused)
{
	while (!begun)
		sched_yield();
	while (!over) {
		move(high, low);
		move(low, high);
	}
	return unused;
}

// In the child.  0, or what is wrong.
static int look(void)
{
	char *place = is_mapped(low) ? low : high;
	int pages = 0;

	for (int i = 0; i < BLOCK; i++)
		pages += is_mapped(low + i * PAGE) + is_mapped(high + i * PAGE);
	if (pages != BLOCK)
		return 1;
	for (int i = 0; i < BLOCK; i++)
		if (place[i * PAGE] != (char)(i + 1))
			return 2;
	return 0;
}

int main(void)
{
	long size = (BLOCK + FILLER + BLOCK) * PAGE;
	int bad[3] = { 0 };
	pthread_t thread;

	low = mmap(NULL, size, PROT_READ | PROT_WRITE,
	           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	high = low + (BLOCK + FILLER) * PAGE;
	for (long at = BLOCK * PAGE; at < size; at += PAGE)
		low[at] = (at - (high - low)) / PAGE + 1;
	// First, for its stack must not come to lie where there is a gap then.
	if (pipe(probe) || pthread_create(&thread, NULL, mover, NULL))
		return 1;
	munmap(low, BLOCK * PAGE);
	begun = 1;
	for (int i = 0; i < FORKS; i++) {
		unsigned long before = moves;
		int status = -1;
		pid_t pid = fork();

		if (pid == 0)
			_exit(look());
		waitpid(pid, &status, 0);
		bad[WIFEXITED(status) && WEXITSTATUS(status) < 3
		            ? WEXITSTATUS(status)
		            : 2]++;
		while (moves == before)
			sched_yield();
	}
	over = 1;
	pthread_join(thread, NULL);
	printf("%d forks, bad %d, lost %d\n", FORKS, bad[1], bad[2]);
	return 0;
}
