// Many processes that wait, each for something else: nobody else may notice.
#include "bench.h"
#include "linux.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

#define CROWD 5000
#define FUTEX_WAIT 128 // with FUTEX_PRIVATE_FLAG

static int nothing[2]; // a pipe that nobody writes to

static void wait_for_bytes(void)
{
	char byte;

	CALL3(SYS_read, nothing[0], &byte, 1);
}

static void wait_for_a_futex(void)
{
	static int word;

	CALL4(SYS_futex, &word, FUTEX_WAIT, 0, 0);
}

static void wait_for_time(void)
{
	sleep(100000);
}

static void wait_for_a_signal(void)
{
	const sigset_t none = 0;

	sigsuspend(&none);
}

// For a child, which waits as well: the two of them count.
static void wait_for_a_child(void)
{
	if (fork() == 0)
		wait_for_a_signal();
	else
		wait(NULL);
}

static void (*const kinds[])(void) = {
	wait_for_bytes,    wait_for_a_futex, wait_for_time,
	wait_for_a_signal, wait_for_a_child,
};
#define KINDS (int)(sizeof kinds / sizeof kinds[0])

static pid_t crowd; // their group

static bool add(int kind)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, crowd);
		for (;;)
			kinds[kind]();
	}
	if (pid > 0)
		setpgid(pid, crowd ? crowd : pid);
	crowd = crowd ? crowd : pid;
	return pid > 0;
}

// How many processes there are; 0: one of them does not wait.
static long waiting(void)
{
	char text[80], *at;

	if (read_file("/proc/loadavg", text, sizeof text) <= 0)
		return 0;
	at = strchr(text, '/');
	return at && at[-2] == ' ' && at[-1] == '1' ? strtol(at + 1, NULL, 10)
	                                            : 0;
}

static void gather(void)
{
	struct timespec moment = { 1, 0 };

	crowd = 0;
	pipe(nothing);
	// The last kind makes two.
	for (int i = 0; i < CROWD * KINDS / (KINDS + 1) + 1; i++)
		if (!add(i % KINDS))
			break;
	nanosleep(&moment, NULL);
}

static void disperse(void)
{
	if (crowd)
		kill(-crowd, SIGKILL);
	while (wait(NULL) > 0)
		;
	close(nothing[0]);
	close(nothing[1]);
}

static void among_them(const char *key, void (*measure)(const char *))
{
	gather();
	if (waiting() >= CROWD)
		measure(key);
	else
		trouble(key);
	disperse();
}

static void count(const char *key)
{
	result(key, waiting());
}

void live_processes_mixed(const char *key)
{
	among_them(key, count);
}

void null_call_5000(const char *key)
{
	among_them(key, null_call);
}

void yield_pair_5000(const char *key)
{
	among_them(key, yield_pair);
}
