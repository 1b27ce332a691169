// Job control: processes that are stopped and continued, and parents that are
// told.
#pragma once
#include "process/family.h"

// All threads of the process hold still until SIGCONT; the one that asks does
// at once.
void stop_process(struct process *thread, int signal);

// The thread is held.
bool stop_holds(struct process *thread);

// A signal was sent to the process: SIGCONT and the stops cancel each other,
// and SIGCONT makes it go on, whatever else it does.
void stop_signal_sent(struct process *leader, int signal);
