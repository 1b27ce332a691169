// Families: who begot whom, how a process ends, and who is told.  A process
// that has ended keeps its record, a zombie, until its parent asks for it;
// orphans go to process 1.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/wait.h"
#include <stdbool.h>

struct family {
	struct process *leader;  // the first thread; what is below the line
	                         // counts in the leader's record only
	struct list threads;     // ring of all threads, leader's node is a head
	int killed_by;           // signal; ends as soon as it gets its turn
	uint64_t clear_tid;      // set_tid_address(): zeroed at the end
	uint64_t robust_list;    // set_robust_list(): locks that it holds
	int lender;              // vfork(): this pid waits until we exec or
	                         // end; it may be gone itself by then
	// ----------------------------------------------------------------
	int alive;               // threads that have not ended
	struct process *parent;  // a leader; NULL: process 1
	struct list children;    // leaders; zombies first
	struct list sibling;     // among the parent's children
	struct waker changed;    // a child has ended
	int group;               // process group
	int session;
	bool zombie;
	bool ending;             // exit_group() or a deadly signal
	bool reached;            // a signal to many came since fork() began
	int status;              // as wait4() tells it, once ending
	int stopped;             // by this signal; 0: not stopped
	int news;                // a status short of the end to tell; 0: none
	uint64_t gone;           // ticks on the hart of threads that have ended
	uint64_t reaped;         // and of children that were waited for
	uint64_t born;           // clock_monotonic()
};

// The wait status of a normal end, and of a death by signal.
#define STATUS_EXIT(code) (((code) & 0xff) << 8)
#define STATUS_SIGNAL(signal) (signal)
#define STATUS_STOPPED(signal) ((signal) << 8 | 0x7f)
#define STATUS_CONTINUED 0xffff

extern struct process_part family_part;
static inline struct family *family_of(struct process *process)
{
	return process_part(process, &family_part);
}

static inline struct process *family_leader(struct process *process)
{
	return family_of(process)->leader;
}

// Whether the process ends with this thread.  A leader may end long before the
// others; what all of them share lies in its record, and stays until then.
static inline bool family_last(struct process *thread)
{
	return family_of(family_leader(thread))->alive == 1;
}

// Every thread of the process but its leader.
#define FAMILY_THREADS(node, leader) \
	LIST_EACH(node, &family_of(leader)->threads)
struct process *family_thread(struct list *node);

// The child whose node among its siblings this is.
struct process *family_sibling(struct list *node);

// All threads end; the caller's at once, the others when they get their turn.
// With the last one the process is a zombie.
void family_exit(struct process *process, int status);

// This thread ends; with the last one, the process.
void family_exit_thread(struct process *process, int status);

// All threads are told to end with this signal.
void family_kill(struct process *process, int signal);

// What a signal means: floor 12 replaces it.  On this floor it ends the
// process, or nothing.
struct siginfo;
extern void (*family_signal)(struct process *process, const struct siginfo *info);

// What SIGCHLD and waitid() say of a child with this wait status.
struct siginfo family_info(struct process *child, int status);

// Whether the parent has said that it will not ask for its children: then there
// are no zombies.  Floor 12 sets it.
extern bool (*family_forgets)(struct process *parent);

// The process is stopped by the signal, or (0) no longer; and how many are.
void family_stop(struct process *leader, int signal);
extern int family_stopped;

// A thread has ended, and its memory goes on without it: floor 12 wakes who
// waits for that.
extern void (*family_thread_gone)(struct process *process, uint64_t clear_tid);

// The process ends; its parent and its children are still what they were.
extern void (*family_leaves)(struct process *leader);

// The parent of the child ends, and will be another one.
extern void (*family_parts)(struct process *child);

// A new thread of the parent's process, or a child.
void family_join(struct process *thread, struct process *parent);
void family_bear(struct process *child, struct process *parent);

// Registers exit, exit_group, getppid, gettid, set_tid_address and
// set_robust_list.
void family_init(void);
