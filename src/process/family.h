// Families: who begot whom, how a process ends, and who is told.  A process
// that has ended keeps its record, a zombie, until its parent asks for it;
// orphans go to process 1.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/wait.h"
#include <stdbool.h>

struct family {
	struct process *parent;  // NULL: process 1
	struct list children;    // zombies first
	struct list sibling;     // among the parent's children
	struct waker changed;    // a child has ended
	int group;               // process group
	int session;
	bool zombie;
	int status;              // of a zombie, as wait4() tells it
	int killed_by;           // signal; ends as soon as it gets its turn
	struct process *lender;  // vfork(): waits until we exec or end
	uint64_t clear_tid;      // set_tid_address(): zeroed at the end
	uint64_t born;           // clock_monotonic()
};

// The wait status of a normal end, and of a death by signal.
#define STATUS_EXIT(code) (((code) & 0xff) << 8)
#define STATUS_SIGNAL(signal) (signal)

struct family *family_of(struct process *process);

// The process ends now; what it held is let go.  Its record is a zombie.
void family_exit(struct process *process, int status);

// The process is told to end with this signal when it gets its turn; whatever
// call it waits in is cancelled.
void family_kill(struct process *process, int signal);

// Makes process 1, which executes `path` with these arguments.
void family_start(const char *path, const char *const arguments[], int count);

// Registers clone, exit, exit_group, wait4, waitid's kin, getppid, gettid,
// set_tid_address, set_robust_list.
void family_init(void);
