// How long a program takes.
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

TOOL("time", "time PROGRAM [ARGUMENT...]");

static void show(const char *what, long seconds, long microseconds)
{
	message("%s %ld.%03lds\n", what, seconds, microseconds / 1000);
}

int main(int argc, char **argv)
{
	struct timespec before, after;
	struct rusage used;
	int status = 0;

	if (argc < 2)
		misuse();
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid_t pid = vfork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		int result = errno == ENOENT ? 127 : 126;
		complain(argv[1]);
		_exit(result);
	}
	if (pid < 0)
		return complain("vfork");
	while (wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	clock_gettime(CLOCK_MONOTONIC, &after);
	long us = (after.tv_sec - before.tv_sec) * 1000000 +
	          (after.tv_nsec - before.tv_nsec) / 1000;
	show("real", us / 1000000, us % 1000000);
	show("user", used.ru_utime.tv_sec, used.ru_utime.tv_usec);
	show("sys ", used.ru_stime.tv_sec, used.ru_stime.tv_usec);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}
