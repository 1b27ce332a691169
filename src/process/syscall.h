// System calls: a7 has Linux's generic number, a0 to a5 the arguments; a0
// takes the result, or a negative error.  Floors register rows of the table.
#pragma once
#include "process/process.h"
#include <stdint.h>

struct call {
	const unsigned long *arg;    // a0 ... a5
	struct process *process;
	struct task *task;       // what takes a turn when it goes on
	int64_t (*handler)(struct call *call);  // set while it is pending
};

// The result, a negative errno, or PENDING: then nothing of the call or its
// process may be touched any more, for it may be gone.
typedef int64_t (*syscall_handler)(struct call *call);

// A row of the table.  args names the kinds of the arguments, one word each,
// "none" for a call without; /proc/syscalls shows it, and the test of bad
// pointers is made from it:
//   int  a number           fd  a descriptor     flags  bits
//   len  a size in bytes    path, str  a string  ptr  an address, not followed
//   in:B, out:B, inout:B    memory of B bytes that is read, written, both:
//                           B a number, or @N: argument N (from 1) says it;
//                           with a ? behind it may be NULL
struct syscall {
	int number;
	const char *name;
	syscall_handler handler;
	const char *args;
	bool alone;              // not in a batch: it is about the thread that
	                         // calls, or never returns to it
	// Called without the kernel lock, where more than one hart is at work:
	// it looks at nothing that others change, and waits for nothing.  If it
	// answers false, the handler has to do it after all.
	free_call free;
};

// A row without a description does not compile.
#define SYSCALL(number, name, handler, args) \
	{ number, #name, handler, "" args, false, NULL }

#define SYSCALL_ALONE(number, name, handler, args) \
	{ number, #name, handler, "" args, true, NULL }

#define SYSCALL_FREE(number, name, handler, free, args) \
	{ number, #name, handler, "" args, false, free }

void syscall_register(const struct syscall *rows, int count);
#define SYSCALL_REGISTER(rows) \
	syscall_register(rows, sizeof(rows) / sizeof((rows)[0]))

// The row of a number; NULL if nobody registered it.
extern const struct syscall *syscall_table[SYSCALL_LIMIT];
static inline const struct syscall *syscall_row(uint64_t number)
{
	return number < SYSCALL_LIMIT ? syscall_table[number] : NULL;
}

// Puts a call's record in order for a process that is in none.
static inline void syscall_reset(struct call *call)
{
	call->arg = &call->process->frame.regs[A0];
	call->handler = NULL;
}

// Its record; floor 7 makes it a struct future.  It is the first part, so that
// the compiler knows where it lies.
extern struct process_part syscall_part;

static inline struct call *call_of(struct process *process)
{
	return (struct call *)(process + 1);
}

void syscall_init(void);
