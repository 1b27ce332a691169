// A handler is called on the user's stack, on which everything is kept that
// the process needs to go on afterwards, in Linux's layout.
#pragma once
#include "process/action.h"

// Makes the thread go on in the handler; `blocked` is in force again when it
// returns.  -EFAULT if its stack cannot take that.
int64_t handler_call(struct process *thread, const struct siginfo *info, const struct sigaction *action, sigset blocked);

// Registers rt_sigreturn.
void handler_init(void);
