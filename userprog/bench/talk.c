// Pipes, futexes, signals, and calls in batches.
#include "bench.h"
#include "linux.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/batch.h>
#include <sys/wait.h>
#include <unistd.h>

#define FUTEX_WAIT 128  // with FUTEX_PRIVATE_FLAG
#define FUTEX_WAKE 129

// One byte there and back between two processes.
void pipe_round_trip(const char *key)
{
	const int rounds = 2000;
	int there[2], back[2];
	char byte = 0;

	if (pipe(there) < 0 || pipe(back) < 0) {
		if (errno != ENOSYS)
			trouble(key);
		return;
	}
	pid_t pid = fork();
	while (pid == 0) {
		if (CALL3(SYS_read, there[0], &byte, 1) != 1)
			_exit(0);
		CALL3(SYS_write, back[1], &byte, 1);
	}
	unsigned long start = instructions();
	for (int i = 0; i < rounds && pid > 0; i++) {
		CALL3(SYS_write, there[1], &byte, 1);
		CALL3(SYS_read, back[0], &byte, 1);
	}
	unsigned long count = instructions() - start;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
	}
	result(key, count / rounds);
}

// Bulk: one process writes pieces of 16 KiB, the other reads them.
void pipe_kib(const char *key)
{
	static char piece[16384];
	const int rounds = 64;
	unsigned long left = rounds * sizeof piece, start, count;
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0) {
		trouble(key);
		return;
	}
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < rounds; i++)
			write(ends[1], piece, sizeof piece);
		_exit(0);
	}
	start = instructions();
	while (left && pid > 0) {
		ssize_t n = read(ends[0], piece, sizeof piece);

		if (n <= 0)
			break;
		left -= n;
	}
	count = instructions() - start;
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	if (left)
		trouble(key);
	else
		result(key, count / (rounds * sizeof piece / 1024));
}

// ---- threads ---------------------------------------------------------------

static volatile int turn; // whose it is; -1: the end

static void hand_over(int to)
{
	turn = to;
	CALL3(SYS_futex, &turn, FUTEX_WAKE, 1);
}

static void await_turn(int mine)
{
	int seen;

	while ((seen = turn) != mine && seen >= 0)
		CALL4(SYS_futex, &turn, FUTEX_WAIT, seen, 0);
}

static void *partner(void *unused)
{
	for (;;) {
		await_turn(1);
		if (turn < 0)
			return unused;
		hand_over(0);
	}
}

// There and back between two threads that sleep meanwhile.
void futex_round_trip(const char *key)
{
	const int rounds = 2000;
	unsigned long start, count;
	pthread_t thread;

	turn = 0;
	if (pthread_create(&thread, NULL, partner, NULL)) {
		trouble(key);
		return;
	}
	hand_over(1);
	await_turn(0);
	start = instructions();
	for (int i = 0; i < rounds; i++) {
		hand_over(1);
		await_turn(0);
	}
	count = instructions() - start;
	hand_over(-1);
	pthread_join(thread, NULL);
	result(key, count / rounds);
}

// A lock that nobody else wants: no kernel at all, so a few instructions.
void futex_uncontended(const char *key)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	const int rounds = 10000;
	unsigned long start = instructions();

	for (int i = 0; i < rounds; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	result(key, (instructions() - start) / rounds);
}

// ---- signals ---------------------------------------------------------------

static volatile int handled;

static void handle(int signal)
{
	handled += signal == SIGUSR1;
}

// Sent to oneself, handled, and returned from.
void signal_round_trip(const char *key)
{
	const int rounds = 2000;
	pid_t self = getpid();
	unsigned long start, count;

	signal(SIGUSR1, handle);
	kill(self, SIGUSR1);
	handled = 0;
	start = instructions();
	for (int i = 0; i < rounds; i++)
		CALL2(SYS_kill, self, SIGUSR1);
	count = instructions() - start;
	signal(SIGUSR1, SIG_DFL);
	if (handled != rounds)
		trouble(key);
	else
		result(key, count / rounds);
}

// ---- batches ---------------------------------------------------------------

static struct batch_call calls[64];

// Instructions a piece, for null calls in batches of this size.
static void batches(const char *key, int size)
{
	const int rounds = 1000;
	unsigned long start;

	for (int i = 0; i < size; i++)
		calls[i].number = SYS_getpid;
	if (batch(calls, size, size, NULL) != size) {
		trouble(key);
		return;
	}
	start = instructions();
	for (int i = 0; i < rounds; i++)
		batch(calls, size, size, NULL);
	result(key, (instructions() - start) / (rounds * size));
}

void batch_1(const char *key)
{
	batches(key, 1);
}

void batch_8(const char *key)
{
	batches(key, 8);
}

void batch_64(const char *key)
{
	batches(key, 64);
}
