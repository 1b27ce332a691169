#include "terminal.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "shell.h"

static struct termios settings;

bool terminal_init(void)
{
	pid_t owner;

	sh.tty = fcntl(0, F_DUPFD_CLOEXEC, 10);
	if (sh.tty < 0 || tcgetattr(sh.tty, &settings) < 0)
		return false;
	// Started in the background: stop until somebody brings us forward.
	owner = tcgetpgrp(sh.tty);
	if (owner >= 0 && owner != getpgrp()) {
		kill(0, SIGTTIN);
		owner = tcgetpgrp(sh.tty);
	}
	if (owner != getpgrp())
		return false;
	sh.group = getpid();
	setpgid(0, sh.group); // fails for a session's leader: is one
	sh.group = getpgrp();
	return tcsetpgrp(sh.tty, sh.group) == 0;
}

void terminal_give(pid_t group)
{
	if (sh.monitor)
		tcsetpgrp(sh.tty, group);
}

void terminal_take(void)
{
	tcsetpgrp(sh.tty, sh.group);
	// A program that died may have left the terminal raw.
	tcsetattr(sh.tty, TCSADRAIN, &settings);
}
