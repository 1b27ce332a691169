// Batches of calls that pull the rug away: they unmap the batch itself, end or
// signal their own process, or are still in flight when it ends.
//	abuse_batch [SCENARIO...]
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/batch.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "left.h"

TOOL("abuse_batch", "abuse_batch [SCENARIO...]");

#define PAGE 4096L
#define MANY 200 // entries, of which 64 lie in a page
#define MS 1000000L

static struct batch_call *calls;

static void set(int i, int number, long a, long b, long c, long d)
{
	calls[i] = (struct batch_call){ .number = number,
		                        .argument = { a, b, c, d } };
}

static void fill(int from)
{
	for (int i = from; i < MANY; i++)
		set(i, SYS_getpid, 0, 0, 0, 0);
}

// ---- each in a child of its own -------------------------------------------

static int unmap(void)
{
	set(0, SYS_munmap, (long)calls, 4 * PAGE, 0, 0);
	fill(1);
	return batch(calls, MANY, 0, NULL) == -1 ? 0 : 1;
}

static int discard(void)
{
	set(0, SYS_madvise, (long)calls, 4 * PAGE, 4, 0);
	fill(1);
	batch(calls, MANY, 0, NULL);
	return 0;
}

static int replace(void)
{
	set(0, SYS_mmap, (long)calls, 4 * PAGE, 3,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
	fill(1);
	batch(calls, MANY, 0, NULL);
	return 0;
}

// Into its own entries.
static int overwrite(void)
{
	int fd = open("/dev/zero", O_RDONLY);

	fill(0);
	set(0, SYS_read, fd, (long)calls, 4 * PAGE, 0);
	batch(calls, MANY, MANY, NULL);
	return 0;
}

// On the first page, and on one that is reached in a second pass.
static int killed_at(int place)
{
	fill(0);
	set(place, SYS_kill, getpid(), SIGKILL, 0, 0);
	batch(calls, MANY, 0, NULL);
	return 1;
}

static int killed_first(void)
{
	return killed_at(0);
}

static int killed_later(void)
{
	return killed_at(130);
}

static int killed_waiting(void)
{
	struct timespec t = { 100, 0 };

	fill(0);
	set(100, SYS_nanosleep, (long)&t, 0, 0, 0);
	set(190, SYS_kill, getpid(), SIGKILL, 0, 0);
	batch(calls, MANY, MANY, NULL);
	return 1;
}

static volatile int handled;

static void handler(int signal)
{
	handled += signal == SIGUSR1;
}

static int signalled_at(int place)
{
	signal(SIGUSR1, handler);
	fill(0);
	set(place, SYS_kill, getpid(), SIGUSR1, 0, 0);
	batch(calls, MANY, MANY, NULL);
	return handled == 1 ? 0 : 1;
}

static int signalled_first(void)
{
	return signalled_at(0);
}

static int signalled_later(void)
{
	return signalled_at(130);
}

// Its own end while calls are in flight, by a call in flight's partner.
static int in_flight(void)
{
	struct timespec t = { 0, 20 * MS };
	static char buffer[64];

	fill(0);
	for (int i = 0; i < 20; i++)
		set(i, SYS_nanosleep, (long)&t, 0, 0, 0);
	for (int i = 20; i < 40; i++)
		set(i, SYS_wait4, -1, 0, 0, 0);
	for (int i = 40; i < 60; i++)
		set(i, SYS_read, 0, (long)buffer, 1, 0);
	if (fork() == 0) {
		raw_syscall(SYS_nanosleep, (long)&t, 0, 0, 0, 0, 0);
		_exit(0);
	}
	batch(calls, MANY, 0, NULL);
	return 0;
}

// Results for entries that are gone when they come.
static int flown(void)
{
	struct timespec t = { 0, 5 * MS }, longer = { 0, 20 * MS };

	fill(0);
	for (int i = 0; i < MANY; i++)
		set(i, SYS_nanosleep, (long)&t, 0, 0, 0);
	batch(calls, MANY, 0, NULL);
	munmap(calls, 4 * PAGE);
	raw_syscall(SYS_nanosleep, (long)&longer, 0, 0, 0, 0, 0);
	return 0;
}

static const struct scenario {
	const char *name;
	int (*run)(void);
	int status;
} scenarios[] = {
	{ "unmap", unmap, -1 },
	{ "discard", discard, -1 },
	{ "replace", replace, -1 },
	{ "overwrite", overwrite, -1 },
	{ "killed_first", killed_first, SIGKILL },
	{ "killed_later", killed_later, SIGKILL },
	{ "killed_waiting", killed_waiting, SIGKILL },
	{ "signalled_first", signalled_first, 0 },
	{ "signalled_later", signalled_later, 0 },
	{ "in_flight", in_flight, 0 },
	{ "flown", flown, 0 },
};

// ---- the driver -----------------------------------------------------------

static void nap(long ms)
{
	struct timespec t = { 0, ms * MS };

	raw_syscall(SYS_nanosleep, (long)&t, 0, 0, 0, 0, 0);
}

// Half a second, then it hangs.
static bool ends(pid_t pid, int *status)
{
	for (int i = 0; i < 50; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		nap(10);
	}
	kill(pid, SIGKILL);
	return false;
}

static bool try(const struct scenario *s)
{
	struct left before, missing;
	int status = 0;

	flush();
	before = left_now();
	pid_t pid = fork();
	if (pid == 0) {
		calls = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		_exit(s->run());
	}
	bool ended = ends(pid, &status);
	missing = left_wait(&before);
	print("%s: %s, status %x, missing %ld pages, %ld bytes\n", s->name,
	      ended ? "ended" : "hangs", status, missing.pages, missing.heap);
	return ended && left_all(&missing) &&
	       (s->status < 0 || s->status == status);
}

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	int bad = 0;

	(void)argc;
	try(&scenarios[10]); // whatever is made once is there now
	for (unsigned i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (wanted(scenarios[i].name, argv + 1))
			bad += !try(&scenarios[i]);
	print("bad %d\n", bad);
	return done(bad != 0);
}
