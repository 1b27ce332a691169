#include "trap.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "shell.h"

// Number 0 is EXIT.  An empty action ignores the signal.
static char *actions[NSIG];
static volatile unsigned long pending;

static void caught(int signal)
{
	if (actions[signal])
		pending |= 1UL << (signal - 1);
	else
		interrupted = 1;
}

static void handle(int signal, void (*handler)(int))
{
	// Without SA_RESTART: a wait or read should come back to look.
	struct sigaction action = { .sa_handler = handler };

	sigaction(signal, &action, NULL); // -ENOSYS on a kernel without
}

void trap_init(void)
{
	if (!sh.interactive)
		return;
	handle(SIGINT, caught);
	handle(SIGQUIT, SIG_IGN);
	handle(SIGTERM, SIG_IGN);
	handle(SIGTSTP, SIG_IGN);
	handle(SIGTTIN, SIG_IGN);
	handle(SIGTTOU, SIG_IGN);
}

// Without job control a background program must not die of the ^C that is meant
// for another one, nor read what was typed for another.
static void detach(void)
{
	int fd = open("/dev/null", O_RDONLY);

	handle(SIGINT, SIG_IGN);
	handle(SIGQUIT, SIG_IGN);
	if (fd > 0) {
		dup2(fd, 0);
		close(fd);
	}
}

void trap_child(bool background)
{
	static const int ours[] = { SIGINT, SIGQUIT, SIGTERM,
		                    SIGTSTP, SIGTTIN, SIGTTOU };

	if (sh.interactive)
		for (unsigned i = 0; i < sizeof ours / sizeof ours[0]; i++)
			handle(ours[i], SIG_DFL);
	for (int i = 0; i < NSIG; i++) {
		if (!actions[i])
			continue;
		if (i > 0 && *actions[i])
			handle(i, SIG_DFL);
		if (sh.lent)
			continue;
		free(actions[i]);
		actions[i] = NULL;
	}
	if (!sh.lent)
		pending = 0;
	if (background)
		detach();
}

bool trap_set(const char *name, const char *action)
{
	int signal = strcmp(name, "EXIT") == 0 ? 0 : signal_number(name);

	if (signal < 0 || signal >= NSIG)
		return false;
	free(actions[signal]);
	actions[signal] = action ? strdup(action) : NULL;
	if (signal == 0)
		return true;
	if (!action)
		handle(signal,
		       sh.interactive && signal == SIGINT ? caught : SIG_DFL);
	else
		handle(signal, *action ? caught : SIG_IGN);
	return true;
}

void trap_show(void)
{
	for (int i = 0; i < NSIG; i++)
		if (actions[i])
			print("trap -- '%s' %s\n", actions[i],
			      i ? signal_name(i) : "EXIT");
}

bool trap_pending(void)
{
	return pending != 0;
}

void trap_run(void)
{
	while (pending) {
		int signal = __builtin_ctzl(pending) + 1;
		int status = sh.status;

		pending &= ~(1UL << (signal - 1));
		if (actions[signal])
			run_string(actions[signal]);
		sh.status = status;
	}
}

void trap_run_exit(void)
{
	char *action = actions[0];

	actions[0] = NULL;
	if (!action)
		return;
	sh.unwind = UNWIND_NONE;
	run_string(action);
}
