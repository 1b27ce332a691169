// Children that outlive their parents get another one, and nobody is lost.
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nap(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	nanosleep(&t, NULL);
}

static int go[2], over[2];

static void await(int end)
{
	char byte;

	read(end, &byte, 1);
}

// In the grandchild: tells after the first process has told of its child.
static void orphan(pid_t parent)
{
	for (int i = 0; i < 10000 && getppid() == parent; i++)
		nap(10);
	await(go[0]);
	printf("orphan has another parent %d\n", getppid() != parent);
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int status;

	pipe(go);
	pipe(over);
	pid_t child = fork();
	if (child == 0) {
		pid_t parent = getpid();

		if (fork() == 0)
			orphan(parent);
		nap(20);
		_exit(3);
	}
	close(over[1]);
	waitpid(child, &status, 0);
	printf("child %d\n", WEXITSTATUS(status));
	fflush(stdout);
	write(go[1], "", 1);
	await(over[0]);          // until none of them is left
	printf("not ours %d\n", (int)wait(NULL));
	// A row of them, each the parent of the next: all die one by one.
	pid_t first = getpid();
	for (int i = 0; i < 20 && fork() == 0; i++)
		;
	nap(50);
	if (getpid() != first)
		_exit(0);
	while (wait(NULL) > 0)
		;
	printf("end\n");
	fflush(stdout);
	nap(300);
	return 0;
}
