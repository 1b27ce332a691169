// Threads that end: the locks that they held are given up, and who waits for
// them is told.  (Linux's "robust futexes".)
#pragma once
#include "process/process.h"

// Walks the thread's list of locks, which is the user's and may be anything,
// and zeroes the word at clear_tid (0: none).
void robust_thread_gone(struct process *process, uint64_t clear_tid);
