// Process 1.  Runs one shell (init) or one command line (init -c LINE), takes
// in orphans while it waits, and ends with the status that the machine should
// power off with.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("init", "init [-c LINE]");

static char *const environment[] = { "PATH=/bin", "HOME=/", "TERM=vt100",
	                             NULL };

// 0, 1 and 2 are the console, unless the kernel has opened them.
static void open_console(void)
{
	int fd;

	if (fcntl(2, F_GETFD) >= 0)
		return;
	do
		fd = open("/dev/console", O_RDWR);
	while (fd >= 0 && fd < 2);
	if (fd > 2)
		close(fd);
}

// In the child: a process group of its own in the foreground, so that ^C ends
// what the user started and not init.
static void run(char **argv)
{
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN); // we are in the background until done
	tcsetpgrp(0, getpid());
	signal(SIGTTOU, SIG_DFL);
	execve("/bin/sh", argv, environment);
	message("init: /bin/sh: %s\n", strerror(errno));
	_exit(127);
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

// Waits for one child; whoever else ends meanwhile is an orphan and is let go.
static int await(pid_t child)
{
	int status = 0;
	pid_t pid;

	do
		pid = wait(&status);
	while (pid != child && (pid > 0 || errno == EINTR));
	return pid == child ? status_of(status) : 1;
}

int main(int argc, char **argv)
{
	char *shell[] = { "sh", NULL, NULL, NULL };

	if (argc >= 3 && strcmp(argv[1], "-c") == 0) {
		shell[1] = "-c";
		shell[2] = argv[2];
	}
	setsid();
	open_console();
	ioctl(0, TIOCSCTTY, 0);
	chdir("/");
	if (!shell[1])
		message("Barefoot is up. The commands are in /bin; "
		        "^D or poweroff ends.\n");

	pid_t child = vfork();
	if (child == 0)
		run(shell);
	if (child < 0)
		return complain("vfork");
	setpgid(child, child); // whichever of the two comes first
	tcsetpgrp(0, child);
	int status = await(child);
	return shell[1] ? status : 0; // a session that ends has not failed
}
