// Copy-on-write: after a fork, nobody sees what the other writes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIZE (2L << 20)

static char in_bss[SIZE], in_data[SIZE] = { 1 };

static int all(const char *at, char value)
{
	for (long i = 0; i < SIZE; i++)
		if (at[i] != value)
			return 0;
	return 1;
}

static int round_trip(char *arrays[4], int depth)
{
	int status, fine = 1;

	for (int i = 0; i < 4; i++)
		memset(arrays[i], depth, SIZE);
	if (depth == 0)
		return 1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(round_trip(arrays, depth - 1));
	// Writes on both sides, on either side first.
	if (depth & 1)
		for (int i = 0; i < 4; i++)
			for (long at = 0; at < SIZE; at += 4096)
				arrays[i][at] = depth;
	waitpid(pid, &status, 0);
	for (int i = 0; i < 4; i++)
		fine &= all(arrays[i], depth);
	return fine && WIFEXITED(status) && WEXITSTATUS(status);
}

// The kernel's writes count as well: read() into a shared page.
static void by_kernel(void)
{
	static char page[4096];
	int status;

	memset(page, 3, sizeof page);
	pid_t pid = fork();
	if (pid == 0) {
		clock_gettime(CLOCK_MONOTONIC, (void *)page);
		_exit(page[100] == 3);
	}
	waitpid(pid, &status, 0);
	printf("kernel %d %d\n", WEXITSTATUS(status), page[0] == 3);
}

int main(void)
{
	char *arrays[] = { in_bss, in_data, malloc(SIZE),
		           mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) };

	printf("four arrays, five processes: %d\n", round_trip(arrays, 4));
	by_kernel();
	return 0;
}
