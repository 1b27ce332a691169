// A fork bomb: every process forks as fast as it can.  Without an operand it is
// watched for a second: how late is a process that sleeps between, and how many
// pages are missing when it is over?  With one it goes on for ever.
//	abuse_bomb [forever]
#include <signal.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

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

static unsigned long free_pages(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.freeram / 4096;
}

static int processes(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.procs;
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

// All are doomed at once, and get their turn to go.
static long missing_pages(pid_t group, unsigned long before, int count)
{
	long start = now();

	kill(-group, SIGKILL);
	while (waitpid(group, NULL, 0) != group)
		;
	while ((free_pages() < before || processes() > count) &&
	       now() - start < 10000)
		nap(10);
	return before - free_pages();
}

int main(int argc, char **argv)
{
	unsigned long before;
	int count;
	(void)argv;

	if (argc > 1)
		explode();
	waitpid(fork() ? -1 : (_exit(0), 0), NULL, 0); // all is made once
	before = free_pages();
	count = processes();
	pid_t pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		explode();
	}
	setpgid(pid, pid);
	long late = longest_delay();
	int most = processes();
	bool refused = fork() < 0;
	long missing = missing_pages(pid, before, count);
	print("%d processes, %s, late by %ld ms at most, pages missing %ld\n",
	      most, refused ? "no more" : "still more", late, missing);
	return done(missing > 0 || late > 1000 || processes() != count);
}
