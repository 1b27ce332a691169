// A process that runs a function of ours, beside us: by fork(), or, where the
// kernel has none, in our memory and on a stack of its own.  So it must not
// count on a copy of anything, nor end by exit().
#pragma once
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#define CHILD_STACK 16384

static inline pid_t child_start(void (*run)(void *), void *arg)
{
	static char stacks[4][CHILD_STACK] __attribute__((aligned(16)));
	static int turn; // the stack that was used longest ago
	pid_t pid = fork();
	long result;

	if (pid == 0) {
		run(arg);
		_exit(0);
	}
	if (pid > 0 || errno != ENOSYS)
		return pid;
	result = clone_thread(CLONE_VM | SIGCHLD,
	                      stacks[turn++ % 4] + CHILD_STACK, NULL, NULL,
	                      NULL, run, arg);
	return result < 0 ? -1 : result;
}
