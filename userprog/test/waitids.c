// What a parent learns of its children by waitid(): ends, stops, and nothing.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static siginfo_t info;
static pid_t me;

// Pids differ from run to run.
static const char *who(pid_t pid, pid_t child)
{
	return pid == 0 ? "nobody" : pid == child ? "the child" : "another";
}

static void ask(const char *what, idtype_t whose, id_t id, int options,
                pid_t child)
{
	int result;

	memset(&info, 0, sizeof info);
	do
		result = waitid(whose, id, &info, options);
	while (result < 0 && errno == EINTR);
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n",
		       errno == ECHILD   ? "no child"
		       : errno == EINVAL ? "not valid"
		                         : strerror(errno));
	else
		printf("%d, signal %d errno %d code %d of %s uid %d status "
		       "%d\n", result, info.si_signo, info.si_errno,
		       info.si_code, who(info.si_pid, child),
		       (int)(info.si_pid ? info.si_uid != getuid() : 0),
		       info.si_status);
	fflush(stdout);
}

static void nothing(int signal)
{
	(void)signal;
}

// A child that ends by itself, or waits till it is told to.
static pid_t child(int status)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (status >= 0)
		_exit(status);
	for (;;)
		pause();
}

static void ends(void)
{
	pid_t pid = child(7);

	ask("kept", P_PID, pid, WEXITED | WNOWAIT, pid);
	ask("again", P_ALL, 0, WEXITED | WNOWAIT, pid);
	ask("no end asked for", P_PID, pid, WSTOPPED | WNOHANG, pid);
	ask("taken", P_PID, pid, WEXITED, pid);
	ask("gone", P_PID, pid, WEXITED, pid);
	pid = child(-1);
	ask("lives", P_PID, pid, WEXITED | WNOHANG, pid);
	kill(pid, SIGKILL);
	ask("killed", P_PGID, getpgrp(), WEXITED, pid);
	pid = child(300 & 0xff);
	waitid(P_ALL, 0, NULL, WEXITED | WNOWAIT);
	ask("own group", P_PGID, 0, WEXITED, pid);
}

static void stops(void)
{
	pid_t pid = child(-1);
	int status = 0;

	kill(pid, SIGSTOP);
	ask("stopped, kept", P_PID, pid, WSTOPPED | WNOWAIT, pid);
	ask("stopped", P_PID, pid, WSTOPPED | WEXITED, pid);
	ask("told", P_PID, pid, WSTOPPED | WEXITED | WNOHANG, pid);
	kill(pid, SIGCONT);
	ask("continued, kept", P_ALL, 0, WCONTINUED | WNOWAIT, pid);
	ask("not asked for", P_ALL, 0, WSTOPPED | WNOHANG, pid);
	ask("continued", P_ALL, 0, WCONTINUED, pid);
	kill(pid, SIGTERM);
	ask("ended, kept", P_PID, pid, WEXITED | WNOWAIT, pid);
	printf("waitpid %d %d\n", waitpid(pid, &status, 0) == pid,
	       WTERMSIG(status));
}

// A group that is not ours.
static void groups(void)
{
	pid_t first = child(-1), second = child(3);

	setpgid(first, first);
	kill(first, SIGTERM);
	ask("of our group", P_PGID, 0, WEXITED, second);
	ask("none is left", P_PGID, getpgrp(), WEXITED, second);
	ask("of the other", P_PGID, first, WEXITED, first);
}

static void wrong(void)
{
	pid_t pid = child(0);

	ask("no child of ours", P_PID, me, WEXITED, pid);
	ask("nothing asked for", P_ALL, 0, WNOHANG, pid);
	ask("unknown option", P_ALL, 0, WEXITED | 0x100, pid);
	ask("pid 0", P_PID, 0, WEXITED, pid);
	ask("group -1", P_PGID, -1, WEXITED, pid);
	ask("unknown kind", 9, 0, WEXITED, pid);
	ask("still there", P_ALL, 0, WEXITED, pid);
	ask("nobody", P_ALL, 0, WEXITED, 0);
}

static long in_us(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

// The kernel's call has an argument more.
static void usages(void)
{
	struct rusage by_id, by_pid;
	pid_t pid = fork();
	long result;

	if (pid == 0) {
		while (clock() < CLOCKS_PER_SEC / 20)
			;
		_exit(0);
	}
	memset(&by_id, 0xff, sizeof by_id);
	result = syscall(SYS_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT,
	                 &by_id);
	wait4(pid, NULL, 0, &by_pid);
	printf("usage %ld %d %d\n", result, in_us(&by_id) >= 50000,
	       in_us(&by_id) == in_us(&by_pid));
}

int main(void)
{
	me = getpid();
	signal(SIGCHLD, nothing); // interrupts, and is asked again
	ends();
	stops();
	groups();
	wrong();
	usages();
	return 0;
}
