// How processes end, and what their parents learn of it.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void show(const char *what, int status)
{
	if (WIFEXITED(status))
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		printf("%s: signal %d\n", what, WTERMSIG(status));
	else
		printf("%s: status %x\n", what, status);
	fflush(stdout);
}

static void ends(const char *what, void (*child)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		child();
		_exit(99);
	}
	if (waitpid(pid, &status, 0) != pid)
		printf("lost\n");
	show(what, status);
}

static void zero(void)
{
	exit(0);
}

static void large(void)
{
	_exit(0x1234);
}

static void killed(void)
{
	kill(getpid(), SIGKILL);
}

static void terminated(void)
{
	kill(getpid(), SIGTERM);
}

static void aborted(void)
{
	abort();
}

static void null(void)
{
	*(volatile int *)0 = 1;
}

static void illegal(void)
{
	__asm__ volatile(".4byte 0");
}

static void text(void)
{
	*(volatile char *)text = 0;
}

static void waiting(void)
{
	int status = -1, go[2];

	pipe(go);
	pid_t slow = fork();
	if (slow == 0) {
		read(go[0], &status, 1);
		_exit(5);
	}
	printf("nohang %d\n", (int)waitpid(slow, &status, WNOHANG));
	pid_t quick = fork();
	if (quick == 0)
		_exit(6);
	printf("order %d", waitpid(-1, &status, 0) == quick);
	printf(" %d", WEXITSTATUS(status));
	write(go[1], "", 1);
	printf(" %d", wait(&status) == slow);
	printf(" %d\n", WEXITSTATUS(status));
	printf("none %d", (int)wait(&status));
	printf(" %s\n", strerror(errno));
	printf("stranger %d", (int)waitpid(1, &status, 0));
	printf(" %s\n", strerror(errno));
}

static void killing(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			sleep(1000);
	printf("alive %d", kill(pid, 0));
	printf(" kill %d", kill(pid, SIGINT));
	printf(" %d", waitpid(pid, &status, 0) == pid);
	printf(" %d", WTERMSIG(status));
	printf(" gone %d", kill(pid, 0));
	printf(" %s", strerror(errno));
	printf(" bad %d", kill(getpid(), 99));
	printf(" %s\n", strerror(errno));
}

int main(void)
{
	struct rlimit no_core = { 0, 0 };

	setrlimit(4, &no_core); // the oracle's host would write them
	ends("zero", zero);
	ends("large", large);
	ends("killed", killed);
	ends("terminated", terminated);
	ends("aborted", aborted);
	ends("null", null);
	ends("illegal", illegal);
	ends("own text", text);
	waiting();
	killing();
	return 42;
}
