// A fork bomb: every process forks as fast as it can.  Without an operand it is
// watched for a second: how late is a process that sleeps between, and how many
// pages are missing when it is over?  With one it goes on for ever.
//	abuse_bomb [forever]
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "left.h"

TOOL("abuse_bomb", "abuse_bomb [forever]");

#define MS 1000000L

static void explode(void)
{
	for (;;)
		fork();
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / MS;
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * MS };

	nanosleep(&t, NULL);
}

// The longest that a nap of 10 ms took beyond that, in one second.
static long longest_delay(void)
{
	long start = now(), before = start, worst = 0;

	while (before - start < 1000) {
		nap(10);
		long after = now();
		if (after - before - 10 > worst)
			worst = after - before - 10;
		before = after;
	}
	return worst;
}

int main(int argc, char **argv)
{
	struct left before, missing;
	(void)argv;

	if (argc > 1)
		explode();
	waitpid(fork() ? -1 : (_exit(0), 0), NULL, 0); // all is made once
	before = left_now();
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		explode();
	}
	setpgid(pid, pid);
	long late = longest_delay();
	long most = left_now().processes;
	bool refused = fork() < 0;
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) != pid)
		;
	for (int i = 0; i < 10; i++) // they go one after the other
		missing = left_wait(&before);
	print("%ld processes, %s, late by %ld ms at most, missing %ld pages, "
	      "%ld bytes\n",
	      most, refused ? "no more" : "still more", late, missing.pages,
	      missing.heap);
	return done(!left_all(&missing) || late > 1000);
}
