// select() and pselect() over pipes and time.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int ends[2];
static volatile int handled;

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show(const char *what, int result, fd_set *in, fd_set *out)
{
	printf("%s: %d", what, result);
	if (result < 0)
		printf(" %s", strerror(errno));
	else
		printf(" in %d out %d", in && FD_ISSET(ends[0], in),
		       out && FD_ISSET(ends[1], out));
	printf("\n");
	fflush(stdout);
}

static int look(fd_set *in, fd_set *out, long ms)
{
	struct timeval time = { ms / 1000, ms % 1000 * 1000 };

	FD_ZERO(in);
	FD_ZERO(out);
	FD_SET(ends[0], in);
	FD_SET(ends[1], out);
	return select(ends[1] + 1, in, out, NULL, &time);
}

static void states(void)
{
	char page[4096];
	fd_set in, out;
	int result;

	result = look(&in, &out, 0);
	show("empty", result, &in, &out);
	write(ends[1], "x", 1);
	result = look(&in, &out, 0);
	show("a byte", result, &in, &out);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	memset(page, 'x', sizeof page);
	while (write(ends[1], page, sizeof page) > 0)
		;
	result = look(&in, &out, 0);
	show("full", result, &in, &out);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while (read(ends[0], page, sizeof page) > 0)
		;
	result = look(&in, &out, 0);
	show("drained", result, &in, &out);
}

static void waiting(void)
{
	struct timeval time = { 0, 50000 };
	struct timespec t = { 0, 30000000 };
	long start = now();
	fd_set in;
	int result;

	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	result = select(ends[0] + 1, &in, NULL, NULL, &time);
	show("late", result, &in, NULL);
	printf("in time %d\n", now() - start >= 50);
	start = now();
	printf("only time %d", select(0, NULL, NULL, NULL, &time));
	(void)t;
	if (fork() == 0) {
		nanosleep(&t, NULL);
		write(ends[1], "y", 1);
		_exit(0);
	}
	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	result = select(ends[0] + 1, &in, NULL, NULL, NULL);
	printf("\n");
	show("woken", result, &in, NULL);
	wait(NULL);
}

static void handle(int signal)
{
	handled += signal == SIGUSR1;
}

// A signal that is blocked but for the time of the call.
static void signals(void)
{
	struct sigaction action = { .sa_handler = handle };
	struct timespec time = { 10, 0 };
	sigset_t blocked, before;
	fd_set in;
	char byte;

	while (read(ends[0], &byte, 1) > 0)
		;
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	kill(getpid(), SIGUSR1);
	printf("handled %d", handled);
	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	show("", pselect(ends[0] + 1, &in, NULL, NULL, &time, &before), &in,
	     NULL);
	printf("handled %d\n", handled);
	kill(getpid(), SIGUSR1);
	printf("handled %d\n", handled);
	write(ends[1], "z", 1);
	show("ready first", pselect(ends[0] + 1, &in, NULL, NULL, &time,
	                            &before), &in, NULL);
	printf("handled %d\n", handled);
	sigprocmask(SIG_SETMASK, &before, NULL);
	printf("handled %d\n", handled);
}

static void errors(void)
{
	struct timeval wrong = { -1, 0 };
	fd_set in;

	FD_ZERO(&in);
	FD_SET(40, &in);
	show("not open", select(41, &in, NULL, NULL, NULL), &in, NULL);
	show("negative", select(-1, NULL, NULL, NULL, NULL), NULL, NULL);
	show("no time", select(0, NULL, NULL, NULL, &wrong), NULL, NULL);
	close(ends[1]);
	FD_ZERO(&in);
	FD_SET(ends[0], &in);
	show("end", select(ends[0] + 1, &in, NULL, NULL, NULL), &in, NULL);
}

int main(void)
{
	pipe(ends);
	states();
	waiting();
	signals();
	errors();
	return 0;
}
