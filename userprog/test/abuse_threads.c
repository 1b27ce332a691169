// Threads at odds with their process: one executes a program, with the first
// thread there or gone; waiters are moved to the word that they wait for; a
// call waits after a batch that did not.
//	abuse_threads [STATUS]	ends with the status, after a look at itself
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/batch.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "child.h"

TOOL("abuse_threads", "abuse_threads [STATUS]");

#define FUTEX_PRIVATE 128

static int word;

static void nap(int ms)
{
	struct timespec t = { 0, ms * 1000000L };

	nanosleep(&t, NULL);
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void *sleeps(void *arg)
{
	syscall(SYS_futex, &word, FUTEX_PRIVATE, 0, NULL);
	return arg;
}

static void *executes(void *arg)
{
	char *argv[] = { "abuse_threads", arg, NULL };

	nap(10);
	execv("/test/abuse_threads", argv);
	_exit(1);
}

static void with_threads(void *first_ends)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, sleeps, NULL);
	pthread_create(&thread, NULL, executes, "42");
	if (first_ends)
		pthread_exit(NULL);
	sleeps(NULL);
	_exit(1);
}

static int from_thread(bool first_ends)
{
	pid_t pid = child_start(with_threads, first_ends ? &word : NULL);

	return status_of(pid) != 42;
}

// The new program: its only thread has the pid, and files that are open.
static int executed(int status)
{
	bool whole = syscall(SYS_gettid) == getpid() && write(1, "", 0) == 0;

	nap(10);                 // the old threads end meanwhile
	return whole ? status : 1;
}

static int requeue(void)
{
	pthread_t threads[3];
	long moved;

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, sleeps, NULL);
	nap(10);
	moved = syscall(SYS_futex, &word, 3 | FUTEX_PRIVATE, 0, 0x7fffffffL,
	                &word, 0);
	syscall(SYS_futex, &word, 1 | FUTEX_PRIVATE, 3);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return moved != 3;
}

static void note(int signal)
{
	(void)signal;
}

static void naps(void *arg)
{
	(void)arg;
	nap(50);
}

static int batch_then_wait(void)
{
	static struct batch_call call = { .number = SYS_getpid };
	struct itimerval t = { { 0, 0 }, { 0, 10000 } };
	struct sigaction action = { .sa_handler = note };
	pid_t pid = child_start(naps, NULL);
	int bad;

	sigaction(SIGALRM, &action, NULL);
	bad = batch(&call, 1, 1, NULL) != 1;
	setitimer(ITIMER_REAL, &t, NULL);
	bad += waitpid(pid, NULL, 0) != -1 || errno != EINTR;
	return bad + (status_of(pid) != 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return executed(need_number(argv[1]));
	printf("exec: bad %d\n", from_thread(false));
	printf("exec without the first: bad %d\n", from_thread(true));
	printf("requeue: bad %d\n", requeue());
	printf("wait after a batch: bad %d\n", batch_then_wait());
	return done(0);
}
