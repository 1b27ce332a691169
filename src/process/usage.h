// How long processes had the hart, as sched_charge() has it: for times(),
// getrusage(), wait4(), CPU-time clocks and /proc.  The kernel does not tell
// its own work from the program's, for that would cost every system call:
// all of it is user time.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/process.h"
#include <stdint.h>

#define RUSAGE_SIZE 144          // struct rusage

// The time of a process, all threads together, until now; and that of the
// children that it has waited for, with theirs.  In ns.
uint64_t usage_own(struct process *process);
uint64_t usage_children(struct process *process);

// A child has been waited for.
void usage_inherit(struct process *parent, struct process *child);

// Stores a struct rusage that says so much: 0 or an error.
int64_t usage_store(struct process *to, uint64_t address, uint64_t ns);

// Registers getrusage and times, and tells /proc.
void usage_init(void);
