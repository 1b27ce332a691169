// Runs a command line while every N-th allocation of the kernel fails, for each
// N up to MOST; then as many pages must be free as before.  The kernel must
// have been booted with `failalloc`.
//	abuse_failing MOST LINE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

TOOL("abuse_failing", "abuse_failing MOST LINE");

static int knob;

static void fail_every(long n)
{
	char text[16];

	write(knob, text, format(text, sizeof text, "%d\n", (int)n));
}

static unsigned long free_pages(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.freeram / 4096;
}

// Orphans are let go by process 1, when it gets its turn.
static long missing_pages(unsigned long before)
{
	struct timespec moment = { 0, 10000000 };
	long missing = before - free_pages();

	for (int i = 0; i < 100 && missing > 0; i++) {
		nanosleep(&moment, NULL);
		missing = before - free_pages();
	}
	return missing;
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
	if (pid > 0)
		waitpid(pid, &status, 0);
	fail_every(0);
	if (pid > 0)
		kill(-pid, SIGKILL); // what it left behind
	return pid < 0 ? -errno : status;
}

int main(int argc, char **argv)
{
	long most = argc == 3 ? need_number(argv[1]) : (misuse(), 0);
	long lost = 0;

	knob = open("/dev/failalloc", O_WRONLY);
	if (knob < 0)
		return complain("/dev/failalloc");
	run(0, argv[2]); // whatever is made once is there now
	for (long n = 1; n <= most; n++) {
		unsigned long before = free_pages();
		int status = run(n, argv[2]);
		long missing = missing_pages(before);

		print("every %d: status %x, pages missing %d\n", (int)n, status,
		      (int)missing);
		flush();
		lost += missing > 0;
	}
	print("runs that lost pages: %d\n", (int)lost);
	return done(lost != 0);
}
