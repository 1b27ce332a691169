// What a process has said about signals: what each one does to it, which are
// blocked, which are pending, and the stack for handlers.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "lib/list.h"
#include "process/family.h"
#include "process/signal.h"

typedef uint64_t sigset;         // signal n is bit n - 1

static inline sigset sigset_of(int signal)
{
	return 1ul << (signal - 1);
}

// Linux's struct sigaction as riscv64 has it: no restorer.
struct sigaction {
	uint64_t handler;        // SIG_DFL, SIG_IGN, or an address
	uint64_t flags;          // SA_*
	sigset mask;             // blocked as well while the handler runs
};

#define SIG_DFL 0
#define SIG_IGN 1

#define SA_NOCLDSTOP 0x00000001ul
#define SA_NOCLDWAIT 0x00000002ul
#define SA_SIGINFO   0x00000004ul
#define SA_ONSTACK   0x08000000ul
#define SA_RESTART   0x10000000ul
#define SA_NODEFER   0x40000000ul
#define SA_RESETHAND 0x80000000ul

// All that are not SIG_DFL; shared by those who forked until one changes it.
struct actions {
	uint32_t refs;
	bool joint; // those who have it change it for all (CLONE_SIGHAND)
	struct sigaction action[SIGNALS];
};

// A signal with what is known of it, on its way.
struct pending {
	struct list node;
	struct siginfo info;
};

struct signals {
	sigset blocked;
	sigset pending;          // for this thread
	struct list queue;       // what is known of them
	sigset suspended;        // rt_sigsuspend(): what to block afterwards
	bool suspending;
	sigset awaited;          // rt_sigtimedwait(): these, though blocked
	uint64_t stack, stack_size; // sigaltstack(); size 0: none
	// In the leader's record only:
	sigset group_pending;    // for whichever thread takes it
	struct list group_queue;
	struct pending first;    // the first in the queue needs no allocation
	struct actions *actions; // NULL: all SIG_DFL
};

extern struct process_part signals_part;
static inline struct signals *signals_of(struct process *process)
{
	return process_part(process, &signals_part);
}

// A record for one of the record's own queues, in no queue yet; NULL when out
// of memory.  It is freed by the same.
struct pending *pending_new(struct signals *signals);
void pending_free(struct signals *signals, struct pending *pending);

// What is pending of the set, for the process and for each of its threads, is
// not any more.
void signals_forget(struct process *leader, sigset set);

// The same where the table is; NULL: it has none, all is by default.
static inline const struct sigaction *action_look(struct process *process, int signal)
{
	struct actions *actions = signals_of(family_leader(process))->actions;

	return actions ? &actions->action[signal] : NULL;
}

// How the process takes the signal now.
struct sigaction action_of(struct process *process, int signal);

// Whether the signal would do nothing then.
bool action_ignores(int signal, const struct sigaction *action);

// -ENOMEM if the table had to be made and could not be.
int action_set(struct process *process, int signal, const struct sigaction *action);

static inline bool signal_blocked(struct process *process, int signal)
{
	return signals_of(process)->blocked & sigset_of(signal);
}

// Blocks these signals; SIGKILL and SIGSTOP never are.  The one place that sets
// the mask, so that the two are never in it.
static inline void signal_block(struct process *process, sigset set)
{
	signals_of(process)->blocked =
		set & ~(sigset_of(SIGKILL) | sigset_of(SIGSTOP));
}

// Registers the part, rt_sigaction, rt_sigprocmask, rt_sigpending and
// sigaltstack.
void action_init(void);
