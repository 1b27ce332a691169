// Process 1 of the chapter: one scene after the other.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void play(char *scene)
{
	static char *const nothing[] = { NULL };
	char *const arguments[] = { scene, NULL };
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execve(scene, arguments, nothing);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status)
		printf("%s ended with %x\n", scene, status);
	fflush(stdout);
}

int main(void)
{
	play("/pipeline");
	play("/philosophers");
	play("/sleeps");
	return 0;
}
