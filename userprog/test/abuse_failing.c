// Runs a command line while every N-th allocation of the kernel fails, for each
// N up to MOST; then as many pages must be free as before.  The kernel must
// have been booted with `failalloc`.
// AFTER removes what LINE may have left in files.  With a STEP, each STEP-th N.
//	abuse_failing MOST LINE [AFTER [STEP]]
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "left.h"

TOOL("abuse_failing", "abuse_failing MOST LINE [AFTER [STEP]]");

static int knob;

static void fail_every(long n)
{
	char text[16];

	write(knob, text, format(text, sizeof text, "%d\n", (int)n));
}

// A second: who waits longer does so for something that failed to come.
static bool waited(pid_t pid, int *status)
{
	struct timespec moment = { 0, 10000000 };

	for (int i = 0; i < 100; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

// Between the two turns of the knob this process needs no memory of its own:
// vfork() copies none.
static int run(long n, char *line)
{
	char *const argv[] = { "sh", "-c", line, NULL };
	char *const envp[] = { "PATH=/bin", NULL };
	int status = 0;
	pid_t pid;

	fail_every(n);
	pid = vfork();
	if (pid == 0) {
		setpgid(0, 0);
		execve("/bin/sh", argv, envp);
		_exit(126);
	}
	int error = errno;
	bool ended = pid < 0 || waited(pid, &status);
	fail_every(0);
	if (pid > 0)
		kill(-pid, SIGKILL); // and what it left behind
	if (!ended)
		waitpid(pid, &status, 0);
	return pid < 0 ? -error : status;
}

int main(int argc, char **argv)
{
	long most = argc >= 3 ? need_number(argv[1]) : (misuse(), 0);
	long step = argc > 4 ? need_number(argv[4]) : 1;
	long lost = 0;

	knob = open("/dev/failalloc", O_WRONLY);
	if (knob < 0)
		return complain("/dev/failalloc");
	run(0, argv[2]); // whatever is made once is there now
	for (long n = step; n <= most; n += step) {
		struct left before = left_now();
		int status = run(n, argv[2]);
		if (argc > 3)
			run(0, argv[3]);
		struct left missing = left_wait(&before);

		print("every %d: status %x, missing %ld pages, %ld bytes\n",
		      (int)n, status, missing.pages, missing.heap);
		flush();
		lost += !left_all(&missing);
	}
	print("runs that lost memory: %d\n", (int)lost);
	return done(lost != 0);
}
