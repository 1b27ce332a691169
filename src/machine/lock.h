// The kernel lock: one hart at a time is in the kernel.  A ticket lock, so who
// came first is served first.  It remembers who took it last and where.
//
// Nothing takes it while one hart is at work.  With more (floor 15), the door
// of every trap does, and the way out releases it: see harts.S, where the few
// steps of a lock that is free are.  So C code always has it, but for the calls
// whose row says that they need it not, and a hart that sleeps.
//
// A hart that waits spins for longer than most passes take and then sleeps
// (wfi), for where harts are threads of a host, the one that has the lock may
// not even run.  It is the only lock, so there is no order of locks to keep.
#pragma once
#include "machine/hart.h"
#include <stdbool.h>
#include <stdint.h>

#define LOCK_ASLEEP ((uintptr_t)1 << (8 * sizeof(uintptr_t) - 1))

struct lock {
	uintptr_t serving;       // the ticket whose turn it is, and LOCK_ASLEEP
	                         // while somebody who waits may be asleep
	uintptr_t next;          // the ticket for who comes next
	struct hart *owner;      // who took it last (DEBUG=1: NULL if released)
	uintptr_t where;         // from which pc: in user mode, or the kernel's
};

extern struct lock kernel_lock;

// Whether more than one hart is at work, so that the lock is used.
extern bool lock_used;

void lock_take(void);
void lock_release(void);

// Whether somebody waits.
static inline bool lock_wanted(void)
{
	uintptr_t serving = kernel_lock.serving & ~LOCK_ASLEEP;

	return __atomic_load_n(&kernel_lock.next, __ATOMIC_RELAXED) !=
	       serving + 1;
}

// The slow halves: until it is the ticket's turn; and after a release that
// found LOCK_ASLEEP, with what `serving` was before.  Called by harts.S too.
void lock_wait(uintptr_t ticket);
void lock_wake(uintptr_t serving);

// What needs the lock says so: a check in debug builds.
void lock_check(void);
#define LOCK_HELD()                   \
	do {                          \
		if (DEBUG)            \
			lock_check(); \
	} while (0)
