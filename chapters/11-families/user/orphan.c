// Leaves a child behind, which process 1 adopts.
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	pid_t parent = getpid();

	if (fork() == 0) {
		while (getppid() == parent)
			usleep(1000);
		usleep(200000); // the shell ends before
		printf("orphan: my parent is process %d now\n", getppid());
		fflush(stdout);
		_exit(4);
	}
	return 0;
}
