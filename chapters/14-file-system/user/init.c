// Process 1 of the chapter: the shell plays the scene.
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static char *const arguments[] = { "sh", "/scene", NULL };
	static char *const environment[] = { "PATH=/bin", NULL };
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		execve("/bin/sh", arguments, environment);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
