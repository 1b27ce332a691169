// A signal to many: to a group, or to all.  Those who share it with thousands
// get it in several passes; until all have it none of them makes a new process,
// which would be missed.  So a fork bomb ends with one kill().
#pragma once
#include "process/signal.h"
#include "process/wait.h"

#define VOLLEY_ALL (-1)

// Every process of the group gets the signal, or all, but process 1 and the
// process `but` (0: nobody).  0 asks only whether they are there.  How many
// there are, as far as this pass came: a kernel task sees to the rest.
int volley(int group, int but, const struct siginfo *info);

// The same for a call: 0, -ESRCH, or PENDING, when it is to be asked again.
// The call takes notice of signals when all have theirs.
int64_t volley_call(struct call *call, int group, int but,
                    const struct siginfo *info);

// One is under way to those that the process is among.
bool volley_concerns(struct process *process);

// Then a call waits for its end, and is polled again.  PENDING.
int64_t volley_wait(struct call *call);
