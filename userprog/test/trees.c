// Processes that have children that have children: everybody is counted once.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// The number of processes in the tree below this one, itself included.
static int grow(int depth, int fan)
{
	int count = 1;

	for (int i = 0; i < fan && depth > 0; i++)
		if (fork() == 0)
			exit(grow(depth - 1, fan));
	for (;;) {
		int status;

		if (wait(&status) < 0)
			return count;
		count += WEXITSTATUS(status);
	}
}

static void parents(void)
{
	int status;
	pid_t me = getpid();

	if (fork() == 0)
		_exit(getppid() == me && getpid() != me);
	wait(&status);
	printf("child knows its parent %d\n", WEXITSTATUS(status));
}

static void many(int rounds)
{
	int status, sum = 0;

	for (int i = 0; i < rounds; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(i & 127);
		if (waitpid(pid, &status, 0) == pid)
			sum += WEXITSTATUS(status);
	}
	printf("one after another %d\n", sum);
}

int main(void)
{
	printf("tree of 3 and 4: %d\n", grow(3, 4));
	printf("tree of 7 and 1: %d\n", grow(7, 1));
	printf("tree of 1 and 60: %d\n", grow(1, 60));
	parents();
	many(300);
	return 0;
}
