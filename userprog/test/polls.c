// poll() over pipes and time.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static void show(const char *what, int result, struct pollfd *fds, int count)
{
	printf("%s: %d", what, result);
	for (int i = 0; i < count; i++)
		printf(" %x", (unsigned)fds[i].revents);
	printf("\n");
	fflush(stdout);
}

static void states(void)
{
	int ends[2];
	char byte = 0;

	pipe(ends);
	struct pollfd fds[] = { { ends[0], POLLIN, 0 },
		                { ends[1], POLLOUT, 0 },
		                { -1, POLLIN, 0 },
		                { 99, POLLIN, 0 } };
	show("empty", poll(fds, 3, 0), fds, 3);
	show("closed number", poll(fds, 4, 0), fds, 4);
	write(ends[1], &byte, 1);
	show("filled", poll(fds, 2, 0), fds, 2);
	show("not asked", poll(fds, 0, 0), fds, 0);
	close(ends[1]);
	show("writer gone", poll(fds, 1, -1), fds, 1);
	read(ends[0], &byte, 1);
	show("and empty", poll(fds, 1, -1), fds, 1);
	close(ends[0]);
	pipe(ends);
	fds[0] = (struct pollfd){ ends[1], POLLOUT, 0 };
	close(ends[0]);
	show("reader gone", poll(fds, 1, -1), fds, 1);
	close(ends[1]);
}

static void waiting(void)
{
	int ends[2];
	char byte = 0;

	pipe(ends);
	struct pollfd fd = { ends[0], POLLIN, 0 };
	long before = now();
	show("time out", poll(&fd, 1, 50), &fd, 1);
	printf("early %d\n", now() - before < 50);
	fflush(stdout);
	if (fork() == 0) {
		nap(50);
		write(ends[1], &byte, 1);
		_exit(0);
	}
	show("woken", poll(&fd, 1, 10000), &fd, 1);
	wait(NULL);
	read(ends[0], &byte, 1);
	if (fork() == 0) {
		close(ends[0]);
		close(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	show("last writer", poll(&fd, 1, 10000), &fd, 1);
	wait(NULL);
	close(ends[0]);
}

// Many at once: each of 100 pipes is written to once, in any order.
static void many(void)
{
	static struct pollfd fds[100];
	static int writers[100];
	int seen = 0, strange = 0;

	for (int i = 0; i < 100; i++) {
		int ends[2];

		if (pipe(ends) < 0)
			exit(1);
		fds[i] = (struct pollfd){ ends[0], POLLIN, 0 };
		writers[i] = ends[1];
	}
	fflush(stdout);
	if (fork() == 0) {
		for (int i = 0; i < 100; i++) {
			char byte = i * 37 % 100;

			write(writers[(int)byte], &byte, 1);
			if (i % 10 == 0)
				nap(1);
		}
		_exit(0);
	}
	while (seen < 100 && poll(fds, 100, -1) > 0)
		for (int i = 0; i < 100; i++) {
			char byte = -1;

			if (!(fds[i].revents & POLLIN))
				continue;
			read(fds[i].fd, &byte, 1);
			strange += byte != i;
			seen++;
		}
	wait(NULL);
	printf("many %d strange %d\n", seen, strange);
	for (int i = 0; i < 100; i++) {
		close(fds[i].fd);
		close(writers[i]);
	}
}

static void note(int signal)
{
	(void)signal;
}

static void interrupted(void)
{
	struct sigaction action = { .sa_handler = note };
	int ends[2];

	sigaction(SIGUSR1, &action, NULL);
	pipe(ends);
	struct pollfd fd = { ends[0], POLLIN, 0 };
	pid_t parent = getpid();
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		for (;;) {      // one of them comes when it waits
			nap(50);
			kill(parent, SIGUSR1);
		}
	int result = poll(&fd, 1, -1), error = errno;
	kill(pid, SIGKILL);
	while (wait(NULL) < 0)
		;
	printf("signal %d %d\n", result, error == EINTR);
}

int main(void)
{
	states();
	waiting();
	many();
	interrupted();
	return 0;
}
