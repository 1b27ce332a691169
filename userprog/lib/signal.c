// Signals, by the kernel's own structures (see include/sys/signal.h).
#include "linux.h"
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#define SET_SIZE sizeof(sigset_t)

int sigaction(int signal, const struct sigaction *set, struct sigaction *get)
{
	return linux_result(
		CALL4(SYS_rt_sigaction, signal, set, get, SET_SIZE));
}

_sig_func_ptr signal(int number, _sig_func_ptr handler)
{
	struct sigaction set = { { handler }, SA_RESTART, 0 }, old;

	return sigaction(number, &set, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int raise(int signal)
{
	return linux_result(CALL2(SYS_tkill, CALL0(SYS_gettid), signal));
}

int killpg(pid_t group, int signal)
{
	return linux_result(CALL2(SYS_kill, -group, signal));
}

int sigprocmask(int how, const sigset_t *set, sigset_t *get)
{
	return linux_result(CALL4(SYS_rt_sigprocmask, how, set, get, SET_SIZE));
}

int sigsuspend(const sigset_t *mask)
{
	return linux_result(CALL2(SYS_rt_sigsuspend, mask, SET_SIZE));
}

int sigpending(sigset_t *pending)
{
	return linux_result(CALL2(SYS_rt_sigpending, pending, SET_SIZE));
}

int sigaltstack(const stack_t *set, stack_t *get)
{
	return linux_result(CALL2(SYS_sigaltstack, set, get));
}

int pause(void)
{
	return linux_result(CALL5(SYS_ppoll, 0, 0, 0, 0, 0));
}
