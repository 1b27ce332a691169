// A handler is called on the user's stack, on which everything is kept that
// the process needs to go on afterwards, in Linux's layout.
#pragma once
#include "process/action.h"

// Makes the thread go on in the handler; what it blocked is in force again when
// that returns.  false: its stack cannot take the frame.
bool handler_enter(struct process *thread, const struct siginfo *info, const struct sigaction *action);

// Registers rt_sigreturn.
void handler_init(void);
