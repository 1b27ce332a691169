// Takes the place of newlib's: Linux's numbers and the kernel's own layouts, so
// nothing about signals needs translation.  newlib's libc itself only raises
// SIGABRT, which is 6 to both.
#pragma once
#include <sys/types.h>
#include <sys/_sigset.h>

#define SIGHUP    1
#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGBUS    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGUSR1   10
#define SIGSEGV   11
#define SIGUSR2   12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGSTKFLT 16
#define SIGCHLD   17
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGIO     29
#define SIGPWR    30
#define SIGSYS    31
#define NSIG      65

#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO   4
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SS_ONSTACK  1
#define SS_DISABLE  2
#define MINSIGSTKSZ 2048
#define SIGSTKSZ    8192

typedef void (*_sig_func_ptr)(int);
#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

union sigval {
	int sival_int;
	void *sival_ptr;
};

typedef struct {
	int si_signo, si_errno, si_code, si_pad0;
	union {
		struct {
			int pid, uid, status;
		} child;
		void *addr;
		long pad[14];
	} si_;
} siginfo_t;
#define si_pid    si_.child.pid
#define si_uid    si_.child.uid
#define si_status si_.child.status
#define si_addr   si_.addr

#define SI_USER   0
#define CLD_EXITED    1 // si_code of SIGCHLD
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_TRAPPED   4
#define CLD_STOPPED   5
#define CLD_CONTINUED 6
#define SI_KERNEL 0x80
#define SI_TKILL  (-6)

struct sigaction {
	union {
		_sig_func_ptr sa_handler;
		void (*sa_sigaction)(int, siginfo_t *, void *);
	};
	unsigned long sa_flags;
	sigset_t sa_mask;
};

typedef struct {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

int kill(pid_t pid, int signal);
int killpg(pid_t group, int signal);
int sigaction(int signal, const struct sigaction *set, struct sigaction *get);
int sigprocmask(int how, const sigset_t *set, sigset_t *get);
int sigsuspend(const sigset_t *mask);
int sigpending(sigset_t *pending);
int sigaltstack(const stack_t *set, stack_t *get);

static inline int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

static inline int sigfillset(sigset_t *set)
{
	*set = ~0UL;
	return 0;
}

static inline int sigaddset(sigset_t *set, int signal)
{
	*set |= 1UL << (signal - 1);
	return 0;
}

static inline int sigdelset(sigset_t *set, int signal)
{
	*set &= ~(1UL << (signal - 1));
	return 0;
}

static inline int sigismember(const sigset_t *set, int signal)
{
	return *set >> (signal - 1) & 1;
}

#include <signal.h>
