// A shell without a keyboard: its command lines are below.
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *lines[][4] = {
	{ "greet", "child" },
	{ "status", "7" },
	{ "status", "crash" },
	{ "missing" },
	{ "orphan" },
};

static int run(char **words)
{
	static char *const nothing[] = { NULL };
	char path[32] = "/";
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execve(strcat(path, words[0]), words, nothing);
		printf("%s: not found\n", words[0]);
		fflush(stdout);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		printf("$ %s %s\n", lines[i][0],
		       lines[i][1] ? lines[i][1] : "");
		fflush(stdout);
		printf("status %d\n", run(lines[i]));
		fflush(stdout);
	}
	return 3;
}
