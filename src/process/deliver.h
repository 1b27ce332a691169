// Signals on their way: sent, pending, taken by a thread at the start of its
// turn, and turned into an end, a stop, or a call of a handler.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/action.h"

// To whichever thread of the process takes it.
void signal_send(struct process *process, const struct siginfo *info);

// To this thread alone.
void signal_send_thread(struct process *thread, const struct siginfo *info);

// The lowest signal of the set that is pending for the thread, taken away;
// 0: none.
int signal_take(struct process *thread, sigset set, struct siginfo *info);

// The thread looks at its signals before it goes on.
void signal_notify(struct process *thread);

// How a thread takes its turn that has signals to look at.
struct trapframe *signal_turn(struct task *task);

// Takes over what family_signal, faults and missing memory mean; registers
// tgkill and tkill.
void deliver_init(void);
