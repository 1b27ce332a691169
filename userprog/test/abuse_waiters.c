// Ends processes that wait, for each thing that can be waited for, and at each
// step on the way there: by SIGKILL, by a signal without a handler, after one
// with a handler, and while they are stopped.  Nothing must be left of them: as
// many pages are free and as many processes there as before; and what they
// waited for happens afterwards, to nobody's harm.
//	abuse_waiters [KIND...]
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "child.h"
#include "left.h"

TOOL("abuse_waiters", "abuse_waiters [KIND...]");

#define MS 1000000L
#define STEPS 6 // turns that the waiter gets before it is ended
#define DEADLINE 30 // ms: it has come and gone before the pages are counted
#define SYS_rt_sigtimedwait 137

static int filled[2] = { -1, -1 }, empty[2] = { -1, -1 }; // pipes
static volatile int *word; // shared by all

static void nap(long ms)
{
	struct timespec t = { 0, ms * MS };

	raw_syscall(SYS_nanosleep, (long)&t, 0, 0, 0, 0, 0);
}

// ---- the ways to wait -----------------------------------------------------

static void sleep_relative(void)
{
	nap(DEADLINE);
}

static void sleep_absolute(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += DEADLINE * MS;
	t.tv_sec += t.tv_nsec / (1000 * MS);
	t.tv_nsec %= 1000 * MS;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static void naps(void *arg)
{
	(void)arg;
	nap(DEADLINE);
}

static void wait_child(void)
{
	child_start(naps, NULL);
	waitpid(-1, NULL, 0);
}

static void wait_child_by_id(void)
{
	if (fork() == 0) {
		nap(DEADLINE);
		_exit(0);
	}
	waitid(P_ALL, 0, NULL, WEXITED);
}

static void wait_vfork(void)
{
	if (vfork() == 0) {
		nap(DEADLINE);
		_exit(0);
	}
}

static void read_console(void)
{
	char c;

	read(0, &c, 1);
}

static void suspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
}

static void await_signal(void)
{
	unsigned long set = 1UL << (SIGUSR2 - 1);
	struct timespec t = { 0, DEADLINE * MS };

	raw_syscall(SYS_rt_sigtimedwait, (long)&set, 0, (long)&t, 8, 0, 0);
}

static void wait_word(void)
{
	raw_syscall(SYS_futex, (long)word, 0, 0, 0, 0, 0);
}

static void wait_word_while(void)
{
	struct timespec t = { 0, DEADLINE * MS };

	raw_syscall(SYS_futex, (long)word, 0, 0, (long)&t, 0, 0);
}

static void read_pipe(void)
{
	char c;

	read(empty[0], &c, 1);
}

static void write_pipe(void)
{
	static char page[4096];

	write(filled[1], page, sizeof page);
}

static void poll_pipe(void)
{
	struct {
		int fd;
		short events, came;
	} polled = { empty[0], 1, 0 };
	struct timespec t = { 0, DEADLINE * MS };

	raw_syscall(SYS_ppoll, (long)&polled, 1, (long)&t, 0, 8, 0);
}

static void select_pipes(void)
{
	unsigned long in = 1ul << empty[0], out = 1ul << filled[1];

	raw_syscall(SYS_pselect6, 60, (long)&in, (long)&out, 0, 0, 0);
}

static void send_file(void)
{
	long offset = 0;
	int in = open("/bin/sh", O_RDONLY);

	raw_syscall(SYS_sendfile, filled[1], in, (long)&offset, 8192, 0, 0);
}

// In no call at all, and giving way.
static void spin(void)
{
}

static void give_way(void)
{
	sched_yield();
}

static const struct kind {
	const char *name;
	void (*wait)(void);
	bool pipes; // needs them
} kinds[] = {
	{ "nanosleep", sleep_relative, false },
	{ "clock_nanosleep", sleep_absolute, false },
	{ "wait4", wait_child, false },
	{ "waitid", wait_child_by_id, false },
	{ "vfork", wait_vfork, false },
	{ "console", read_console, false },
	{ "sigsuspend", suspend, false },
	{ "sigtimedwait", await_signal, false },
	{ "futex", wait_word, false },
	{ "futex_timed", wait_word_while, false },
	{ "pipe_read", read_pipe, true },
	{ "pipe_write", write_pipe, true },
	{ "ppoll", poll_pipe, true },
	{ "pselect6", select_pipes, true },
	{ "sendfile", send_file, true },
	{ "yield", give_way, false },
	{ "spin", spin, false },
};

// ---- the ways to end ------------------------------------------------------

static void by_kill(pid_t pid)
{
	kill(pid, SIGKILL);
}

static void by_term(pid_t pid)
{
	kill(pid, SIGTERM);
}

static void after_handler(pid_t pid)
{
	kill(pid, SIGUSR1);
	sched_yield();
	kill(pid, SIGKILL);
}

static void when_stopped(pid_t pid)
{
	kill(pid, SIGSTOP);
	sched_yield();
	kill(pid, SIGKILL);
}

static void after_stop(pid_t pid)
{
	kill(pid, SIGSTOP);
	kill(pid, SIGCONT);
	sched_yield();
	kill(pid, SIGTERM);
}

static void (*const ends[])(pid_t pid) = { by_kill, by_term, after_handler,
	                                   when_stopped, after_stop };
#define ENDS (sizeof ends / sizeof ends[0])

// ---- the driver -----------------------------------------------------------

static void handler(int signal)
{
	(void)signal;
}

// A group of its own, so that its children can be ended; but from there nobody
// reads the console.
static void lead(const struct kind *kind, pid_t pid)
{
	if (kind->wait != read_console)
		setpgid(pid, pid);
}

static void waiter(void *arg)
{
	const struct kind *kind = arg;

	signal(SIGUSR1, handler);
	lead(kind, 0);
	for (;;)
		kind->wait();
}

// The waiter has had `step` turns, or, with the last step, has come to rest.
static bool end_at(const struct kind *kind, int step, void (*end)(pid_t pid))
{
	int status = 0;
	pid_t pid = child_start(waiter, (void *)kind);

	if (pid < 0)
		return false;
	lead(kind, pid);
	for (int i = 0; i < step; i++)
		sched_yield();
	if (step == STEPS)
		nap(1);
	end(pid);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		return false;
	kill(-pid, SIGKILL); // its children
	return true;
}

// What the others waited for comes now, and must find nobody.
static void let_it_happen(void)
{
	raw_syscall(SYS_futex, (long)word, 1, 1000, 0, 0, 0);
	nap(DEADLINE + 10);
}

static bool run(const struct kind *kind)
{
	struct left before = left_now(), missing;
	int failed = 0;

	for (int step = 0; step <= STEPS; step++)
		for (unsigned i = 0; i < ENDS; i++)
			failed += !end_at(kind, step, ends[i]);
	let_it_happen();
	missing = left_wait(&before);
	print("%s: missing %ld pages, %ld bytes, processes left %ld, "
	      "failed %d\n",
	      kind->name, missing.pages, missing.heap, missing.processes,
	      failed);
	flush();
	return left_all(&missing) && !failed;
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

// false: there are no pipes.
static bool prepare(void)
{
	static char page[4096];

	word = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*word = 0;
	if (pipe2(empty, 0) < 0 || pipe2(filled, O_NONBLOCK) < 0)
		return false;
	while (write(filled[1], page, sizeof page) > 0)
		;
	fcntl(filled[1], F_SETFL, 0);
	return true;
}

int main(int argc, char **argv)
{
	bool pipes = prepare();
	int bad = 0;

	(void)argc;
	run(&kinds[0]); // whatever is made once is there now
	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!wanted(kinds[i].name, argv + 1))
			continue;
		if (kinds[i].pipes && !pipes)
			print("%s: left out\n", kinds[i].name);
		else
			bad += !run(&kinds[i]);
	}
	print("bad %d\n", bad);
	return done(bad != 0);
}
