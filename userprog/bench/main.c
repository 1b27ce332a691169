// Counts instructions for what DESIGN.md ("Measuring") lists: lines
//	bench KEY VALUE
// for tools/bench.  Each figure stands alone: one that fails is reported and
// missing, the others are still there, and no process stays behind.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "bench.h"
#include "linux.h"

TOOL("bench", "bench [KEY...]");

static int status;

void result(const char *key, unsigned long value)
{
	print("bench %s %lu\n", key, value);
	flush();
}

void trouble(const char *key)
{
	complain(key);
	status = 1;
}

// ---- processes that are only there ----------------------------------------

static pid_t *sleepers;
static int sleeper_count;

// A program of its own, as a user would start it; NULL: a copy of this one.
static bool add_sleeper(const char *program)
{
	static char *const argv[] = { "sleep", "100000", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		if (program) {
			execve(program, argv, argv + 2);
			_exit(1);
		}
		for (;;)
			sleep(100000);
	}
	if (pid > 0)
		sleepers[sleeper_count++] = pid;
	return pid > 0;
}

static bool room_for_sleepers(int count)
{
	sleepers = malloc(count * sizeof *sleepers);
	return sleepers != NULL;
}

static void end_sleepers(void)
{
	for (int i = 0; i < sleeper_count; i++)
		kill(sleepers[i], SIGKILL);
	for (int i = 0; i < sleeper_count; i++)
		waitpid(sleepers[i], NULL, 0);
	sleeper_count = 0;
	free(sleepers);
	sleepers = NULL;
}

// How many of them ended by themselves: those that could not be executed.
static int early_ends(void)
{
	int count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		count++;
	return count;
}

// ---- calls and switches ----------------------------------------------------

void null_call(const char *key)
{
	const int rounds = 10000;
	unsigned long start = instructions();

	for (int i = 0; i < rounds; i++)
		CALL0(SYS_getpid);
	result(key, (instructions() - start) / rounds);
}

// Two processes that do nothing but yield: each round is there and back.
void yield_pair(const char *key)
{
	const int rounds = 5000;
	pid_t pid = fork();

	if (pid < 0) {
		trouble(key);
		return;
	}
	while (pid == 0)
		CALL0(SYS_sched_yield);
	for (int i = 0; i < 10; i++) // it is there, and past its first steps
		CALL0(SYS_sched_yield);
	unsigned long start = instructions();
	for (int i = 0; i < rounds; i++)
		CALL0(SYS_sched_yield);
	unsigned long count = instructions() - start;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	result(key, count / rounds);
}

static void crowded(const char *key, void (*measure)(const char *))
{
	if (!room_for_sleepers(1000)) {
		trouble(key);
		return;
	}
	while (sleeper_count < 1000 && add_sleeper(NULL))
		;
	// They must have fallen asleep: each runs until then, so one sleep of
	// ours is enough for all.
	struct timespec moment = { 0, 50000000 };
	nanosleep(&moment, NULL);
	if (sleeper_count < 1000)
		trouble(key);
	else
		measure(key);
	end_sleepers();
}

static void null_call_1000(const char *key)
{
	crowded(key, null_call);
}

static void yield_pair_1000(const char *key)
{
	crowded(key, yield_pair);
}

static unsigned long nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000UL + now.tv_nsec;
}

// What a slice that expires costs: a loop of known length, and what was counted
// above that.  The kernel must have been told to tick for one process alone
// (tick=always); without ticks there is no figure.
static void tick(const char *key)
{
	const unsigned long rounds = 50000000, slice = 10000000;
	unsigned long left = rounds, before = nanoseconds();
	unsigned long start = instructions();

	__asm__ volatile("1: addi %0, %0, -1; bnez %0, 1b"
	                 : "+r"(left));
	long extra = instructions() - start - 2 * rounds;
	long ticks = (nanoseconds() - before) / slice;
	if (ticks > 0 && extra / ticks >= 10)
		result(key, extra / ticks);
}

// ---- families --------------------------------------------------------------

static void fork_exit_wait(const char *key)
{
	const int rounds = 200;
	unsigned long start = instructions();

	for (int i = 0; i < rounds; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid) {
			trouble(key);
			return;
		}
	}
	result(key, (instructions() - start) / rounds);
}

static void fork_exec_wait(const char *key)
{
	static char *const argv[] = { "true", NULL };
	const int rounds = 100;
	unsigned long start = instructions();

	for (int i = 0; i < rounds; i++) {
		int ended = -1;
		pid_t pid = fork();

		if (pid == 0) {
			execve("/bin/true", argv, argv + 1);
			_exit(1);
		}
		if (pid < 0 || waitpid(pid, &ended, 0) != pid || ended != 0) {
			trouble(key);
			return;
		}
	}
	result(key, (instructions() - start) / rounds);
}

static void count_alive(const char *key, const char *program)
{
	enum { MOST = 30000 };

	if (!room_for_sleepers(MOST)) {
		trouble(key);
		return;
	}
	while (sleeper_count < MOST && add_sleeper(program))
		;
	unsigned long alive = sleeper_count;
	struct timespec moment = { 0, 50000000 };
	nanosleep(&moment, NULL);
	alive -= early_ends();
	end_sleepers();
	result(key, alive);
}

static void live_processes(const char *key)
{
	count_alive(key, "/bin/sleep");
}

// Linked by a stock toolchain, with nothing of ours: not in every root.
static void live_processes_stock(const char *key)
{
	if (access("/stock/sleeper", X_OK) == 0)
		count_alive(key, "/stock/sleeper");
}

// ---- bytes -----------------------------------------------------------------

// A file that is in memory, in calls of 4 KiB.
static void read_initrd_kib(const char *key)
{
	static char buffer[4096];
	unsigned long kib = 0, count = 0;
	int fd = open("/bin/sh", O_RDONLY);
	long pieces = lseek(fd, 0, SEEK_END) / (long)sizeof buffer;

	for (int i = 0; i < 20 && pieces > 0; i++) {
		lseek(fd, 0, SEEK_SET);
		unsigned long start = instructions();
		for (long piece = 0; piece < pieces; piece++)
			kib += read(fd, buffer, sizeof buffer) / 1024;
		count += instructions() - start;
	}
	close(fd);
	if (kib == 0)
		trouble(key);
	else
		result(key, count / kib);
}

// ---- what the kernel says of itself ----------------------------------------

static void kernel_says(const char *key)
{
	static char text[2048];
	size_t length = strlen(key);

	if (read_file("/proc/kernel", text, sizeof text) < 0) {
		trouble("/proc/kernel");
		return;
	}
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0 && line[length] == ' ') {
			result(key, strtoul(line + length, NULL, 10));
			return;
		}
	}
}

static const struct {
	const char *key;
	void (*measure)(const char *key);
} figures[] = {
	{ "null_call", null_call },
	{ "yield_pair", yield_pair },
	{ "tick", tick },
	{ "fork_exit_wait", fork_exit_wait },
	{ "fork_exec_wait", fork_exec_wait },
	{ "pipe_round_trip", pipe_round_trip },
	{ "pipe_kib", pipe_kib },
	{ "futex_round_trip", futex_round_trip },
	{ "futex_uncontended", futex_uncontended },
	{ "signal_round_trip", signal_round_trip },
	{ "batch_1", batch_1 },
	{ "batch_8", batch_8 },
	{ "batch_64", batch_64 },
	{ "read_initrd_kib", read_initrd_kib },
	{ "read_kib", read_kib },
	{ "overwrite_kib", overwrite_kib },
	{ "write_new_kib", write_new_kib },
	{ "cold_read", cold_read },
	{ "create_unlink", create_unlink },
	{ "open_close", open_close },
	{ "many_names", many_names },
	{ "fork_exec_wait_disk", fork_exec_wait_disk },
	{ "large_range", large_range },
	{ "null_call_1000", null_call_1000 },
	{ "yield_pair_1000", yield_pair_1000 },
	{ "bytes_per_process", kernel_says },
	{ "live_processes", live_processes },
	{ "live_processes_mixed", live_processes_mixed },
	{ "null_call_5000", null_call_5000 },
	{ "yield_pair_5000", yield_pair_5000 },
	{ "live_processes_stock", live_processes_stock },
	{ "longest_pass", kernel_says }, // last: of all the above
};

static bool wanted(const char *key, char **keys)
{
	if (!*keys)
		return true;
	for (; *keys; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	(void)argc;
	while (option(&o, argv, ""))
		;
	for (unsigned i = 0; i < sizeof figures / sizeof figures[0]; i++)
		if (wanted(figures[i].key, argv + o.next))
			figures[i].measure(figures[i].key);
	return done(status);
}
