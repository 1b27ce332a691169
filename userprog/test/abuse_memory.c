// Takes all of something: heap, stack, mappings, processes, descriptors.  The
// machine must stay usable, and everything must come back.
//	abuse_memory [SCENARIO...]
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"

TOOL("abuse_memory", "abuse_memory [SCENARIO...]");

#define PAGE 4096L

static char *self; // our path

// ---- each of these runs in a child; 0: it met its end of it in good order --

static int heap(void)
{
	char *at;

	while ((at = sbrk(16 * PAGE)) != (void *)-1)
		for (long i = 0; i < 16; i++)
			at[i * PAGE] = 1;
	return errno == ENOMEM ? 0 : 1;
}

static int mappings(void)
{
	char *at;

	while ((at = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE,
	                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED)
		for (long i = 0; i < 64; i++)
			at[i * PAGE] = 1;
	return errno == ENOMEM ? 0 : 1;
}

// One page far from the next: each costs tables too.
static int tables(void)
{
	char *at = mmap(NULL, 1L << 37, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return errno == ENOMEM ? 0 : 1;
	for (long i = 0; i < 1L << 37; i += 2 << 20)
		at[i] = 1;
	return 0;
}

static int use_stack(long left)
{
	volatile char frame[PAGE];

	frame[0] = left;
	return left ? use_stack(left - PAGE) + frame[0] : 0;
}

// Many stacks: processes that each use most of what one may grow to.
static int stacks(void)
{
	for (int i = 0; i < 64; i++) {
		if (fork() == 0) {
			use_stack(7 << 20);
			sleep(1000);
		}
	}
	struct timespec moment = { 0, 500000000 };
	nanosleep(&moment, NULL);
	return 0;
}

static int descriptors(void)
{
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	return errno == EMFILE || errno == ENOMEM ? 0 : 1;
}

static int pipes(void)
{
	static char page[PAGE];
	int ends[2];

	while (pipe2(ends, O_NONBLOCK) == 0)
		while (write(ends[1], page, PAGE) > 0)
			;
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
	                       errno == ENOSYS
	               ? 0
	               : 1;
}

static _Noreturn void stay(void)
{
	for (;;)
		sleep(1000);
}

// As many processes as there may be: all stay.
static int processes(void)
{
	for (;;) {
		pid_t pid = again_fork(self, "=stay", false);

		if (pid == 0)
			stay();
		if (pid < 0)
			return errno == EAGAIN || errno == ENOMEM ? 0 : 1;
	}
}

// Every process forks as fast as it can, for ever.
static int bomb(void)
{
	for (;;)
		if (again_fork(self, "=bomb", false) < 0 && errno != EAGAIN &&
		    errno != ENOMEM)
			return 1;
}

// By the name as it is executed; the driver's operand has no "=".
static const struct scenario {
	const char *name;
	int (*run)(void);
	bool endless; // the driver ends it
} scenarios[] = {
	{ "=heap", heap, false },
	{ "=mappings", mappings, false },
	{ "=tables", tables, false },
	{ "=stacks", stacks, false },
	{ "=descriptors", descriptors, false },
	{ "=pipes", pipes, false },
	{ "=processes", processes, false },
	{ "=bomb", bomb, true },
};
#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

// What one of us does that was executed, not forked.
static int run_operand(const char *operand)
{
	if (strcmp(operand, "=stay") == 0)
		stay();
	for (unsigned i = 0; i < SCENARIOS; i++)
		if (strcmp(operand, scenarios[i].name) == 0)
			return scenarios[i].run();
	return 0; // "=leave"
}

// ---- the driver ------------------------------------------------------------

static unsigned long free_pages(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.freeram * info.mem_unit / PAGE;
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

// Ends everybody in the group, also those that are born meanwhile.
static void end_group(pid_t group)
{
	for (int i = 0; i < 200 && kill(-group, SIGKILL) == 0; i++)
		nap(5);
	while (waitpid(-group, NULL, WNOHANG) > 0)
		;
}

// Pages that the kernel's heap may keep half empty: records of those who were
// born meanwhile and live on.
#define KEPT 4

// Orphans are let go by init, who is no faster than others: so the pages are
// given some time to come back.
static long missing_pages(unsigned long before)
{
	long missing = before - free_pages();

	for (int i = 0; i < 100 && missing > 0; i++) {
		nap(20);
		missing = before - free_pages();
	}
	return missing;
}

static void describe(const struct scenario *s, int status)
{
	if (s->endless)
		print("%s: ended", s->name + 1);
	else if (WIFSIGNALED(status))
		print("%s: killed by SIG%s", s->name + 1,
		      signal_name(WTERMSIG(status)));
	else
		print("%s: %s", s->name + 1,
		      WEXITSTATUS(status) ? "a strange error" : "refused");
}

// How long a process takes to start and end while the others are at it.
static bool answers(void)
{
	for (int i = 0; i < 100; i++) {
		pid_t pid = again_fork(self, "=leave", false);

		if (pid == 0)
			_exit(0);
		if (pid > 0)
			return waitpid(pid, NULL, 0) == pid;
		nap(10);
	}
	return false;
}

static bool try(const struct scenario *s)
{
	unsigned long before;
	int status = 0;

	flush();
	before = free_pages();
	pid_t pid = again_fork(self, s->name, true);
	if (pid == 0)
		_exit(s->run());
	if (pid < 0) {
		complain("fork");
		return false;
	}
	setpgid(pid, pid);
	if (s->endless)
		nap(300);
	else
		waitpid(pid, &status, 0);
	end_group(pid);
	bool alive = answers();
	long missing = missing_pages(before);
	describe(s, status);
	print(", %s, pages missing %ld\n",
	      alive ? "the machine answers" : "no process can be started",
	      missing > 0 ? missing : 0);
	return alive && missing <= KEPT &&
	       (WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
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

	self = argv[0];
	if (argc == 2 && *argv[1] == '=')
		_exit(run_operand(argv[1]));
	// The first time everything is used, the kernel may keep something.
	answers();
	for (unsigned i = 0; i < SCENARIOS; i++)
		if (wanted(scenarios[i].name + 1, argv + 1))
			bad += !try(&scenarios[i]);
	print("bad %d\n", bad);
	return done(bad != 0);
}
