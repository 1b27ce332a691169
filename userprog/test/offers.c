// A reader is interrupted while others wait too, and reads again elsewhere:
// what is written goes where it reads now.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nap(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	nanosleep(&t, NULL);
}

static void handler(int signal)
{
	(void)signal;
}

static int first(int fd)
{
	struct sigaction action;
	char there[16] = "", here[16] = "";

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	sigaction(SIGUSR1, &action, NULL);
	long n = read(fd, there, sizeof there);
	printf("interrupted %d\n", n == -1 && errno == EINTR);
	n = read(fd, here, sizeof here);
	printf("read %ld: <%s> <%s>\n", n, there, here);
	return 0;
}

static int second(int fd)
{
	char text[16];

	return read(fd, text, sizeof text) != 0;
}

static pid_t start(int (*run)(int fd), int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		int status = run(fd);

		fflush(stdout);
		_exit(status);
	}
	nap(30); // it waits
	return pid;
}

int main(void)
{
	int ends[2], status;

	pipe(ends);
	pid_t a = start(first, ends[0]);
	pid_t b = start(second, ends[0]);
	kill(a, SIGUSR1);
	nap(30);
	kill(b, SIGKILL); // so that the first is first again
	waitpid(b, &status, 0);
	printf("second %x\n", status);
	fflush(stdout);
	write(ends[1], "word", 4);
	waitpid(a, &status, 0);
	printf("first %x\n", status);
	return 0;
}
