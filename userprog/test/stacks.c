// The stack grows as it is used: by small steps, by large ones, to 4 MiB and
// more, and after a fork.
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long descend(int depth)
{
	volatile char frame[1000];

	frame[0] = depth;
	frame[999] = depth;
	long below = depth ? descend(depth - 1) : 0;
	return below + (frame[0] == (char)depth) + (frame[999] == (char)depth);
}

static int far_below(long size)
{
	volatile char array[size];

	array[0] = 1; // the lowest byte first: a long way down
	array[size - 1] = 2;
	return array[0] + array[size - 1];
}

int main(void)
{
	struct rlimit limit;
	int status;

	getrlimit(RLIMIT_STACK, &limit);
	printf("limit %d\n", limit.rlim_cur >= 8 << 20);
	printf("by steps %ld\n", descend(4000));
	printf("at once %d\n", far_below(4 << 20));
	printf("seven %d\n", far_below(7 << 20));
	fflush(stdout);
	if (fork() == 0)
		_exit(far_below(3 << 20) + descend(3000) % 50);
	wait(&status);
	printf("child %d %d\n", WIFEXITED(status), WEXITSTATUS(status));
	return 0;
}
