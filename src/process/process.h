// A process: its frame, its place in the queues, and a part for each floor
// that keeps something per process.  One record on the kernel heap, with no
// kernel stack.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "machine/hart.h"
#include "machine/trap.h"
#include "process/sched.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_NAME 16

struct process {
	struct trapframe frame;  // first: a frame is its process
	struct task task;
	struct list all;         // in processes, in the order of birth
	struct list hash;        // among those with a similar pid
	int pid;
	int tgid;                // that of the first thread: what getpid() says
	bool ended;              // the parts are gone, the record is left
	char name[PROCESS_NAME]; // as Linux's comm: cut to 15 bytes
	// The parts follow.
};

// What a higher floor keeps in each process's record, and what it does in the
// life of a process.  Parts are called in the order of their registration.
struct process_part {
	size_t size;             // bytes, zeroed at birth
	// A new process: parent is NULL for one out of nothing.  flags are
	// those of clone().  0 or -errno; on failure nothing is left behind.
	int (*fork)(struct process *child, struct process *parent,
	            uint64_t flags);
	// The process starts on another program.
	void (*exec)(struct process *process);
	// The process ends; also undoes fork().  In reverse order.
	void (*exit)(struct process *process);
	size_t offset;           // set by process_register()
	struct process_part *next, *previous;
};

extern struct list processes;    // of all
// Where a walk through them that takes several passes goes on; NULL: there is
// none.  When that process is freed, it is with the next one.
extern struct list *process_walk;
extern int process_count;
int process_last_pid(void);      // that was given out

// Before the first process is made.
void process_register(struct process_part *part);

// What the part keeps for the process.
static inline void *process_part(struct process *process, const struct process_part *part)
{
	return (char *)process + part->offset;
}

static inline struct process *process_of(struct trapframe *frame)
{
	return (struct process *)frame;
}

static inline struct process *process_of_task(struct task *task)
{
	return container_of(task, struct process, task);
}

// The process whose trap the hart is in.
static inline struct process *process_running(void)
{
	return process_of_task(this_hart()->running);
}

// A process that starts at entry with this stack pointer once it is made
// ready; NULL when out of memory.
struct process *process_new(const char *name, uint64_t entry, uint64_t stack);

// A copy of the parent, not ready yet, and without a pid: the parts decide what
// is shared.  0 and *child, or -errno.
int process_fork(struct process *parent, uint64_t flags, struct process **child);

// Gives it a pid: from now on others find it.
void process_publish(struct process *process);

// Ends what the parts hold and takes it out of the queues; the record stays,
// so that a parent may ask for it.
void process_end(struct process *process);

// One that has ended goes on: the parts in front of `end` are made again and
// share all that they can with the thread.  That takes no memory, so it cannot
// fail.
void process_revive(struct process *process, struct process *thread, const struct process_part *end);

// Frees the record; the pid may be used again.
void process_free(struct process *process);

// NULL: no such process.
struct process *process_find(int pid);

// Lets the parts know of a new program.
void process_exec(struct process *process, const char *name);

// Bytes of kernel memory that a process's records take, page tables apart.
size_t process_record_size(void);

// A trap that the process has earned: ends it, by default with a line that
// says why.  A higher floor replaces what that means.
struct trapframe *process_fault(struct trapframe *frame, unsigned long cause);
extern struct trapframe *(*process_on_fault)(struct process *process, unsigned long cause, unsigned long tval);

// Lets user mode read the counters of the hart that asks.
void process_allow_counters(void);

void process_init(void);
