// Takes memory until there is none, while a process that needs little goes on:
// it must not notice.  Who takes it is killed or refused.
//	abuse_victim [WAY...]
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "left.h"

TOOL("abuse_victim", "abuse_victim [WAY...]");

#define PAGE 4096L
#define MS 1000000L

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * MS };

	nanosleep(&t, NULL);
}

// ---- ways to take it all --------------------------------------------------

static char *reserve(long size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static int touch(void)
{
	char *at = reserve(1L << 30);

	for (long i = 0; at && i < 1L << 30; i += PAGE)
		at[i] = 1;
	return 1;
}

// The kernel touches it for us.
static int read_zeroes(void)
{
	int fd = open("/dev/zero", O_RDONLY);
	char *at = reserve(1L << 30);
	long n, all = 0;

	while (at && (n = read(fd, at + all, 1L << 20)) > 0)
		all += n;
	return errno == ENOMEM ? 0 : 1;
}

static int shared(void)
{
	char *at = mmap(NULL, 1L << 30, PROT_READ | PROT_WRITE,
	                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	for (long i = 0; at != MAP_FAILED && i < 1L << 30; i += PAGE)
		at[i] = 1;
	return 1;
}

// Unmapped but for one page: the rest stays, and is in nobody's table.
static int hidden(void)
{
	char *at = mmap(NULL, 1L << 30, PROT_READ | PROT_WRITE,
	                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	for (long i = PAGE; at != MAP_FAILED && i < 1L << 30; i += PAGE) {
		at[i] = 1;
		if (i % (1L << 20) == 0)
			munmap(at + i - (1L << 20) + PAGE, 1L << 20);
	}
	return 1;
}

static void fill_pipe(void)
{
	static char page[PAGE];
	int ends[2];

	if (pipe2(ends, O_NONBLOCK) == 0)
		while (write(ends[1], page, PAGE) > 0)
			;
}

// Six processes, each with 400 pipes that are full.
static int pipes(void)
{
	for (int i = 0; i < 6; i++)
		if (fork() == 0) {
			for (int n = 0; n < 400; n++)
				fill_pipe();
			nap(100000);
		}
	return 0;
}

// Each a piece of kernel memory, if the kernel lets us.
static int signals(void)
{
	unsigned long set = -1;

	raw_syscall(SYS_rt_sigprocmask, 0, (long)&set, 0, 8, 0, 0);
	struct left before = left_now();
	for (int i = 0; i < 20000; i++)
		kill(getpid(), 40);
	return left_missing(&before).heap > 65536;
}

static int heap(void)
{
	char *at;

	while ((at = sbrk(PAGE)) != (void *)-1)
		*at = 1;
	return errno == ENOMEM ? 0 : 1;
}

// By ever more processes, each of which takes 4 MiB.
static int family(void)
{
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			return errno == EAGAIN || errno == ENOMEM ? 0 : 1;
		if (pid == 0) {
			char *at = reserve(4L << 20);

			for (long i = 0; at && i < 4L << 20; i += PAGE)
				at[i] = 1;
			for (;;)
				nap(1000);
		}
		sched_yield();
	}
}

static long descend(long left)
{
	volatile char frame[PAGE];

	frame[0] = left;
	return left ? descend(left - 1) + frame[0] : 0;
}

static int stacks(void)
{
	for (int i = 0; i < 100; i++)
		if (fork() == 0) {
			descend(1800);
			nap(100000);
		}
	return 0;
}

static const struct way {
	const char *name;
	int (*take)(void);
	bool refused; // it may be, else it is killed
} ways[] = {
	{ "touch", touch, false },
	{ "read", read_zeroes, true },
	{ "shared", shared, false },
	{ "hidden", hidden, false },
	{ "signals", signals, true },
	{ "pipes", pipes, true },
	{ "heap", heap, true },
	{ "family", family, true },
	{ "stacks", stacks, true },
};

// ---- the innocent ---------------------------------------------------------

static volatile int *told; // errors that it saw, and its rounds

// New pages, calls with fresh buffers, and old pages that must stay.
static void live(void)
{
	static char kept[20 * PAGE];
	int fd = open("/dev/zero", O_RDONLY);

	memset(kept, 7, sizeof kept);
	for (long round = 0;; round++) {
		char *fresh = reserve(4 * PAGE);

		if (!fresh || read(fd, fresh, 2 * PAGE) != 2 * PAGE)
			told[0]++;
		else
			fresh[3 * PAGE] = 1;
		for (long i = 0; i < (long)sizeof kept; i += PAGE / 4)
			told[0] += kept[i] != 7;
		if (fresh)
			munmap(fresh, 4 * PAGE);
		told[1]++;
		nap(1);
	}
}

// ---- the driver -----------------------------------------------------------

static pid_t start(void (*innocent)(void), const struct way *way)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		if (innocent)
			innocent();
		_exit(way->take());
	}
	setpgid(pid, pid);
	return pid;
}

static void end(pid_t group)
{
	while (kill(-group, SIGKILL) == 0) {
		while (waitpid(-group, NULL, WNOHANG) > 0)
			;
		nap(2);
	}
}

static bool run(const struct way *way)
{
	struct left before = left_now(), missing;
	int status = 0, rounds;

	told[0] = told[1] = 0;
	pid_t good = start(live, NULL), bad = start(NULL, way);
	waitpid(bad, &status, 0);
	nap(500);
	end(bad);
	rounds = told[1];
	nap(20);
	bool alive = waitpid(good, NULL, WNOHANG) == 0 && told[1] > rounds;
	end(good);
	missing = left_wait(&before);
	bool right = status == 0 ? way->refused : status == SIGKILL;
	print("%s: %s, innocent %s, errors %d, "
	      "missing %ld pages, %ld bytes\n",
	      way->name,
	      status == 0           ? "refused"
	      : WIFSIGNALED(status) ? "killed"
	                            : "unhindered",
	      alive ? "alive" : "gone", told[0], missing.pages, missing.heap);
	flush();
	return right && alive && !told[0] && left_all(&missing);
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
	told = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	told[0] = 0;
	run(&ways[0]); // whatever is made once is there now
	for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (wanted(ways[i].name, argv + 1))
			bad += !run(&ways[i]);
	print("bad %d\n", bad);
	return done(bad != 0);
}
