// Hundreds of processes that compute, and one of them is killed: that must not
// wait until all others had their slice.
//	abuse_busy [PROCESSES]
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "left.h"

TOOL("abuse_busy", "abuse_busy [PROCESSES]");

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static pid_t start(void)
{
	pid_t pid = fork();

	while (pid == 0)
		;
	return pid;
}

// How long it takes, in milliseconds.
static long end(pid_t pid, int signal)
{
	long start = now();

	kill(pid, signal);
	waitpid(pid, NULL, 0);
	return now() - start;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? need_number(argv[1]) : 300;
	struct timespec moment = { 0, 50000000 };
	pid_t pids[count];
	long longest = 0;

	for (int i = 0; i < count; i++)
		pids[i] = start();
	nanosleep(&moment, NULL);
	for (int i = count; i-- > 0;) {
		long took = end(pids[i], i % 2 ? SIGKILL : SIGTERM);

		if (took > longest)
			longest = took;
	}
	print("%d processes, each ended within %ld ms\n", count, longest);
	return done(longest > 50);
}
