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

// In the grandchild: reports through the pipe of lines that stdout is.
static void orphan(pid_t parent)
{
	for (int i = 0; i < 100 && getppid() == parent; i++)
		nap(10);
	nap(200); // the first process has told of its child by now
	printf("orphan has another parent %d\n", getppid() != parent);
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (fork() == 0)
			orphan(getppid());
		nap(20);
		_exit(3);
	}
	waitpid(child, &status, 0);
	printf("child %d\n", WEXITSTATUS(status));
	fflush(stdout);
	nap(600);
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
