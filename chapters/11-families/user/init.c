// Process 1 of the chapter: starts the shell, and asks for every child that
// ends, its own and the orphans, until there is none left.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static char *const arguments[] = { "shell", NULL };
	static char *const nothing[] = { NULL };
	pid_t shell = fork(), pid;
	int status;

	if (shell == 0) {
		execve("/shell", arguments, nothing);
		_exit(127);
	}
	while ((pid = wait(&status)) > 0)
		if (pid == shell)
			printf("init: the shell has ended with %d\n",
			       WEXITSTATUS(status));
		else
			printf("init: released a zombie, status %d\n",
			       WEXITSTATUS(status));
	printf("init: no child is left\n");
	return 0;
}
