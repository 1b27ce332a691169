// What a terminal does to those in the background.  It must be run on one, as
// whoever has it.  The last scene reads a line: it is to be typed once it is
// said that the scene was stopped, so that the echo meets no other output.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *what, int status)
{
	if (WIFSTOPPED(status))
		printf("%s: stopped by %d\n", what, WSTOPSIG(status));
	else if (WIFSIGNALED(status))
		printf("%s: killed by %d\n", what, WTERMSIG(status));
	else
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	fflush(stdout);
}

static void take(pid_t group)
{
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(0, group);
	signal(SIGTTOU, SIG_DFL);
}

// The scene in a child with a group of its own, in the background; what it
// makes of it, and what becomes of it when it is brought forward.
static void scene(const char *what, int (*act)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		_exit(act());
	}
	setpgid(pid, pid);
	waitpid(pid, &status, WUNTRACED);
	say(what, status);
	if (!WIFSTOPPED(status))
		return;
	take(pid);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WUNTRACED);
	take(getpgrp());
	say("  brought forward", status);
	if (WIFSTOPPED(status)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
}

// ---- reading ----------------------------------------------------------------

static int result(long n)
{
	return n < 0 ? 100 + (errno == EIO ? 1 : errno == EINTR ? 2 : 3) : n;
}

static int reads(void)
{
	char line[80];

	return result(read(0, line, sizeof line));
}

static int reads_ignoring(void)
{
	signal(SIGTTIN, SIG_IGN);
	return reads();
}

static int reads_blocking(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return reads();
}

static volatile int handled;

static void handle(int signal)
{
	handled += signal == SIGTTIN || signal == SIGTTOU;
	if (handled == 3)
		_exit(50);
}

static void await(int signal, int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = handle;
	action.sa_flags = flags;
	sigaction(signal, &action, NULL);
}

static int reads_handling(void)
{
	await(SIGTTIN, 0);
	int n = reads();
	return n == 102 ? 10 + handled : n;
}

// Again and again, until the handler has enough.
static int reads_restarting(void)
{
	await(SIGTTIN, SA_RESTART);
	return reads();
}

// The parent of the reader is gone before it reads.
static int reads_orphaned(void)
{
	int ends[2], status;
	char answer = 0;

	if (pipe(ends) < 0)
		return 99;
	pid_t pid = fork();
	if (pid == 0) {
		if (fork() > 0)
			_exit(0);
		setpgid(0, 0);
		while (kill(getppid(), 0) == 0 && getppid() != 1 &&
		       getsid(getppid()) == getsid(0))
			usleep(1000);
		answer = reads();
		write(ends[1], &answer, 1);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	read(ends[0], &answer, 1);
	return answer;
}

// ---- writing and changing ---------------------------------------------------

static int writes(void)
{
	return write(1, "", 0) < 0 || printf("written\n") < 0 || fflush(stdout);
}

static int changes(void)
{
	struct termios set;

	tcgetattr(0, &set);
	return result(tcsetattr(0, TCSANOW, &set));
}

static int changes_ignoring(void)
{
	signal(SIGTTOU, SIG_IGN);
	return changes();
}

static int takes(void)
{
	return tcsetpgrp(0, getpgrp()) < 0 ? 100 : 0;
}

static int takes_ignoring(void)
{
	signal(SIGTTOU, SIG_IGN);
	return takes();
}

static void set_tostop(int on)
{
	struct termios set;

	tcgetattr(0, &set);
	set.c_lflag = on ? set.c_lflag | TOSTOP : set.c_lflag & ~TOSTOP;
	tcsetattr(0, TCSANOW, &set);
}

// ---- those that are left ----------------------------------------------------

static void told(int signal)
{
	char digit = '0' + (signal == SIGHUP ? 1 : 2);

	write(1, &digit, 1);
	if (signal == SIGCONT) {
		write(1, " told\n", 6);
		_exit(0);
	}
}

// A stopped group whose last parent ends is hung up and goes on.
static void leave(void)
{
	int ends[2], status;
	char byte;

	pipe(ends);
	pid_t pid = fork();
	if (pid == 0) {
		pid_t stopped = fork();

		if (stopped == 0) {
			setpgid(0, 0);
			signal(SIGHUP, told);
			signal(SIGCONT, told);
			raise(SIGSTOP);
			for (;;)
				pause();
		}
		setpgid(stopped, stopped);
		waitpid(stopped, &status, WUNTRACED);
		say("left behind", status);
		_exit(0);
	}
	close(ends[1]);
	waitpid(pid, &status, 0);
	read(ends[0], &byte, 1);         // until all of them are gone
}

int main(void)
{
	take(getpgrp());
	scene("reads, ignoring", reads_ignoring);
	scene("reads, blocking", reads_blocking);
	scene("reads, handling", reads_handling);
	scene("reads, restarting", reads_restarting);
	scene("reads, orphaned", reads_orphaned);
	scene("writes", writes);
	set_tostop(1);
	scene("writes, tostop", writes);
	set_tostop(0);
	scene("changes", changes);
	scene("changes, ignoring", changes_ignoring);
	scene("takes", takes);
	scene("takes, ignoring", takes_ignoring);
	take(getpgrp());
	leave();
	scene("reads", reads);
	printf("end\n");
	return 0;
}
