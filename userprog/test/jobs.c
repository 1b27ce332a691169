// Job control without a terminal: groups, stops, and what a parent is told.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static const char *error(long result)
{
	return result < 0 ? strerror(errno) : "done";
}

static void tell(const char *what, pid_t pid, int options)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, options);

	printf("%s: ", what);
	if (got <= 0)
		printf("%s\n", got < 0 ? strerror(errno) : "nothing");
	else if (WIFSTOPPED(status))
		printf("stopped by %d\n", WSTOPSIG(status));
	else if (WIFCONTINUED(status))
		printf("continued\n");
	else if (WIFSIGNALED(status))
		printf("killed by %d\n", WTERMSIG(status));
	else
		printf("exit %d\n", WEXITSTATUS(status));
	fflush(stdout);
}

// A child that only waits, in a group; 0: one of its own.
static pid_t member(pid_t group)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, group);
		for (;;)
			pause();
	}
	setpgid(pid, group);
	return pid;
}

static void groups(void)
{
	pid_t a = member(0), b = member(a), other = member(0);

	printf("groups %d %d %d %d\n", getpgid(a) == a, getpgid(b) == a,
	       getpgid(other) == other, getpgrp() == getpgid(0));
	printf("sessions %d %d\n", getsid(a) == getsid(0),
	       getsid(b) == getsid(0));
	kill(-a, SIGTERM);
	tell("one of the group", -a, 0);
	tell("the other", -a, 0);
	tell("no more", -a, 0);
	tell("not the third", other, WNOHANG);
	printf("signal to no group %s\n", error(kill(-a, SIGTERM)));
	kill(other, SIGINT);
	tell("the third", -1, 0);
}

static void bad_groups(void)
{
	pid_t pid = member(0), leader = fork();

	if (leader == 0) {
		printf("setsid %d", setsid() == getpid());
		printf(" twice %s", error(setsid()));
		printf(" group %s\n", error(setpgid(0, 0)));
		fflush(stdout);
		_exit(0);
	}
	tell("leader of a session", leader, 0);
	printf("negative %s\n", error(setpgid(pid, -1)));
	printf("a stranger %s\n", error(setpgid(1, 0)));
	printf("nobody %s\n", error(setpgid(999999, 0)));
	printf("no such group %s\n", error(setpgid(pid, 999999)));
	printf("getpgid %s\n", error(getpgid(999999)));
	printf("getsid %s\n", error(getsid(999999)));
	kill(pid, SIGKILL);
	tell("end", pid, 0);
}

static void stops(void)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	pid_t pid = member(0);

	for (int i = 0; i < 4; i++) {
		kill(pid, signals[i]);
		tell("stop", pid, WUNTRACED);
		tell("told once", pid, WUNTRACED | WNOHANG);
		kill(pid, signals[i]);
		tell("stopped already", pid, WUNTRACED | WNOHANG);
		kill(pid, SIGCONT);
		tell("go on", pid, WCONTINUED);
		tell("told once", pid, WCONTINUED | WNOHANG);
	}
	kill(pid, SIGSTOP);
	nap(20);
	tell("not asked for", pid, WNOHANG);
	kill(pid, SIGTERM);
	nap(20);
	tell("a stopped one does not end", pid, WNOHANG);
	kill(pid, SIGCONT);
	tell("but then", pid, 0);
	pid = member(0);
	kill(pid, SIGSTOP);
	tell("stop", pid, WUNTRACED);
	kill(pid, SIGKILL);
	tell("SIGKILL does not wait", pid, 0);
}

// ---- handlers ---------------------------------------------------------------

static volatile int handled[65], code;

static void handle(int signal)
{
	handled[signal]++;
}

static void handle_child(int signal, siginfo_t *info, void *context)
{
	(void)context;
	handled[signal]++;
	code = info->si_code;
}

static void handlers(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGTSTP, handle);
		signal(SIGCONT, handle);
		signal(SIGTTOU, SIG_IGN);
		raise(SIGTTOU);          // nothing
		raise(SIGTSTP);          // only the handler
		raise(SIGSTOP);
		raise(SIGCONT);
		_exit(handled[SIGTSTP] * 10 + handled[SIGCONT]);
	}
	tell("SIGSTOP", pid, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	printf("handled %d\n", WEXITSTATUS(status));
}

static void await_handled(int count)
{
	for (int i = 0; i < 10000 && handled[SIGCHLD] < count; i++)
		nap(5);
}

// What SIGCHLD says.  (qemu-riscv64 does not know SA_NOCLDSTOP.)
static void told(void)
{
	struct sigaction action;
	pid_t pid = member(0);

	memset(&action, 0, sizeof action);
	action.sa_sigaction = handle_child;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigaction(SIGCHLD, &action, NULL);
	handled[SIGCHLD] = code = 0;
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	await_handled(1);
	printf("stop %d %d,", handled[SIGCHLD], code == CLD_STOPPED);
	kill(pid, SIGCONT);
	waitpid(pid, NULL, WCONTINUED);
	await_handled(2);
	printf(" go on %d %d,", handled[SIGCHLD], code == CLD_CONTINUED);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	await_handled(3);
	printf(" end %d %d\n", handled[SIGCHLD], code == CLD_KILLED);
	signal(SIGCHLD, SIG_DFL);
}

// A pipeline's group stops as a whole, its bytes stay where they are.
static void pipeline(void)
{
	int ends[2], back[2], more[2];
	char c = 0;
	pid_t first, second;

	if (pipe(ends) < 0 || pipe(back) < 0 || pipe(more) < 0)
		return;
	first = fork();
	if (first == 0) {
		setpgid(0, 0);
		for (char out = 'a'; out <= 'j'; out++) {
			write(ends[1], &out, 1);
			if (out == 'e')         // stopped here at the latest
				read(more[0], &c, 1);
		}
		_exit(0);
	}
	setpgid(first, first);
	second = fork();
	if (second == 0) {
		setpgid(0, first);
		close(ends[1]);
		while (read(ends[0], &c, 1) == 1)
			write(back[1], &c, 1);
		_exit(0);
	}
	setpgid(second, first);
	close(ends[1]);
	close(back[1]);
	read(back[0], &c, 1);
	kill(-first, SIGSTOP);
	tell("writer", first, WUNTRACED);
	tell("reader", second, WUNTRACED);
	nap(50);
	kill(-first, SIGCONT);
	write(more[1], &c, 1);
	printf("%c", c);
	while (read(back[0], &c, 1) == 1)
		printf("%c", c);
	printf("\n");
	tell("writer", first, 0);
	tell("reader", second, 0);
}

// A sleep goes on when its process does; the deadline is the old one.
static void sleeper(void)
{
	struct timespec before, after;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &before);
	pid = fork();
	if (pid == 0) {
		struct timespec t = { 0, 200000000 };

		_exit(nanosleep(&t, NULL) == 0 ? 7 : errno);
	}
	nap(50);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	nap(50);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	long ms = (after.tv_sec - before.tv_sec) * 1000 +
	          (after.tv_nsec - before.tv_nsec) / 1000000;
	printf("slept %d status %d\n", ms >= 200, WEXITSTATUS(status));
}

int main(void)
{
	groups();
	bad_groups();
	stops();
	handlers();
	told();
	pipeline();
	sleeper();
	return 0;
}
