// Random system calls with random arguments, in children that are told apart by
// the seed: what a run did can be done again.
//	abuse_random [SEED [CALLS]]
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"
#include "pointers.h"

TOOL("abuse_random", "abuse_random [SEED [CALLS]]");

#define BATCH   50 // calls of one child
#define SCRATCH (8 * 4096L)

static unsigned long state;

static unsigned long next(unsigned long limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % limit;
}

// Calls that end the machine, the run or everybody else.
static bool is_excluded(const char *name)
{
	static const char *const names[] = {
		"exit",          "exit_group",    "reboot",   "rt_sigreturn",
		"rt_sigsuspend", "kill",          "tkill",    "tgkill",
		"unlinkat",      "newlib_unlink", "renameat2"
	};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

// Every second batch may have children: those must stay in the group by which
// they are ended.  The other batches may leave it.
static bool fits(const struct row *row, bool family)
{
	bool leaves = strcmp(row->name, "setsid") == 0 ||
	              strcmp(row->name, "setpgid") == 0;

	return strcmp(row->name, "clone") == 0 ? family : !leaves || !family;
}

static struct row rows[200];
static int row_count;

static bool read_rows(const char *path)
{
	if (!rows_open(path))
		return false;
	while (row_count < 200 && rows_next(&rows[row_count]))
		row_count += !is_excluded(rows[row_count].name);
	return row_count > 0;
}

static char *scratch;

static long random_address(void)
{
	switch (next(10)) {
	case 0:
		return 0;
	case 1:
		return 0x80000000 + next(1 << 20);
	case 2:
		return (long)random_address & -4096L;
	case 3:
		return next(1UL << 40);
	case 4:
		return -(long)next(1UL << 20);
	case 5:
		return (long)scratch + (next(SCRATCH) & -64UL);
	default:
		return (long)scratch + next(SCRATCH + 100);
	}
}

static long random_path(void)
{
	static const char *const paths[] = { "/",
		                             "/bin/true",
		                             "/dev/null",
		                             "/nowhere",
		                             "",
		                             "..",
		                             "bin",
		                             "/bin/true/below",
		                             "/dev",
		                             "/proc/meminfo",
		                             "////bin//.//true",
		                             "/dev/zero" };

	if (next(6) == 0)
		return random_address();
	return (long)paths[next(sizeof paths / sizeof paths[0])];
}

static long random_number(void)
{
	switch (next(8)) {
	case 0:
		return -(long)next(3);
	case 1:
		return 1UL << next(64);
	case 2:
		return -(1L << next(63));
	case 3:
		return next(1UL << 32);
	default:
		return next(20);
	}
}

static long random_argument(const struct arg *arg)
{
	if (next(20) == 0) // now and then something else altogether
		return next(2) ? random_address() : random_number();
	switch (arg->kind) {
	case KIND_FD:
		return next(6) ? (long)next(8) : random_number();
	case KIND_PATH:
	case KIND_STR:
		return random_path();
	case KIND_LEN:
		return next(4) ? (long)next(SCRATCH) : random_number();
	case KIND_INT:
	case KIND_FLAGS:
		return random_number();
	default:
		return random_address();
	}
}

// A thread on our own stack would run into the driver: it gets another one.
static void tame_clone(long a[6])
{
	a[0] &= ~0x80000000UL;
	if (a[0] & CLONE_VM)
		a[1] = (long)scratch + SCRATCH;
}

static void random_call(bool family)
{
	const struct row *row;
	long a[6];

	do
		row = &rows[next(row_count)];
	while (!fits(row, family));
	for (int i = 0; i < 6; i++)
		a[i] = random_argument(&row->args[i]);
	if (strcmp(row->name, "clone") == 0)
		tame_clone(a);
	raw_syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// What calls find there: addresses, numbers, and the numbers of calls.
static void fill_scratch(void)
{
	long *word = (long *)scratch;

	for (unsigned long i = 0; i < SCRATCH / sizeof *word; i++)
		switch (next(4)) {
		case 0:
			word[i] = random_address();
			break;
		case 1:
			word[i] = rows[next(row_count)].number;
			break;
		case 2:
			word[i] = random_number();
			break;
		}
}

static void child(unsigned long seed, bool family)
{
	setpgid(0, 0);
	for (int fd = 0; fd < 8; fd++)
		close(fd);
	open("/bin/true", O_RDONLY);
	open("/dev/null", O_RDWR);
	open("/dev/null", O_RDWR);
	open("/", O_RDONLY | O_DIRECTORY);
	open("/dev/zero", O_RDWR);
	scratch = mmap(NULL, SCRATCH, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	state = seed;
	fill_scratch();
	for (int i = 0; i < BATCH; i++)
		random_call(family);
	_exit(0);
}

// Without fork() a new one of us makes the calls.
static pid_t start(char **argv, unsigned long seed, bool family)
{
	char text[24];
	char *args[] = { argv[0], "batch", text, family ? "1" : "0", NULL };
	pid_t pid = fork();

	if (pid == 0)
		child(seed * 0x9e3779b97f4a7c15UL | 1, family);
	if (pid > 0 || errno != ENOSYS)
		return pid;
	format(text, sizeof text, "%lu", seed);
	return again_start(args);
}

static int blocked, killed;

// Waits a while; one that sleeps longer is ended, and what it started too.
static void end_batch(pid_t pid)
{
	struct timespec ms = { 0, 1000000 };
	int status = 0;
	bool ended = false;

	for (int i = 0; i < 320 && !ended; i++) {
		ended = waitpid(pid, &status, WNOHANG) == pid;
		if (i < 300)
			sched_yield();
		else
			nanosleep(&ms, NULL);
	}
	kill(-pid, SIGKILL);
	if (!ended) {
		kill(pid, SIGKILL);
		blocked++;
		waitpid(pid, &status, 0);
	} else if (WIFSIGNALED(status)) {
		killed++;
	}
}

static int drive(int argc, char **argv)
{
	unsigned long seed = argc > 1 ? need_number(argv[1]) : time(NULL);
	long calls = argc > 2 ? need_number(argv[2]) : 100000, made = 0;
	struct rlimit no_core = { 0, 0 };

	setrlimit(4, &no_core);
	if (!read_rows(argc > 3 ? argv[3] : "/proc/syscalls"))
		return complain("/proc/syscalls");
	print("seed %lu, %d kinds of calls\n", seed, row_count);
	flush();
	for (int batch = 0; made < calls; batch++) {
		pid_t pid = start(argv, seed + batch, batch & 1);

		if (pid < 0)
			return complain("fork");
		end_batch(pid);
		made += BATCH;
	}
	print("%ld calls, %d batches killed, %d blocked\n", made, killed,
	      blocked);
	return done(0);
}

int main(int argc, char **argv)
{
	bool batch = argc == 4 && strcmp(argv[1], "batch") == 0;

	if (batch && !read_rows("/proc/syscalls"))
		return complain("/proc/syscalls");
	if (batch)
		child(need_number(argv[2]) * 0x9e3779b97f4a7c15UL | 1,
		      *argv[3] == '1');
	return drive(argc, argv);
}
