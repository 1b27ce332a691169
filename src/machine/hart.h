// What the kernel knows of one hart.  All of it lives in the hart's room:
//
//	room +     0          guard, which the PMP makes untouchable
//	     + HART_GUARD      the kernel stack grows down to here
//	     + HART_STACK_TOP  struct hart; sp starts here, and tp stays here
//	     + HART_ROOM       the emergency stack grows down from here
//
// While a hart is in the kernel its tp points at its struct hart.
#pragma once
#include "lib/list.h"
#include "machine/board.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trapframe;
struct task;
typedef struct trapframe *(*trap_handler)(struct trapframe *frame, unsigned long cause);
struct heapq;
struct lock;

// A system call that is done without the kernel lock, for the process of the
// frame.  The result goes into its a0.  false: it needs the lock after all.
typedef bool (*free_call)(struct trapframe *frame);

struct hart {
	unsigned long id;
	trap_handler ecall;         // of system calls, for trap.S
	unsigned long satp;         // the address space that it has loaded, or
	                            // will have when it leaves: see stale
	struct task *running;       // what it runs; NULL: nothing
	struct trapframe *floats;   // whose values its float registers hold
	struct trapframe *floating; // the frame that has them switched on
	uintptr_t try_stack;        // of trap_try(), 0: none under way
	unsigned long faults;       // kernel faults so far, to stop a chain
	uintptr_t alarm;            // where its mtimecmp lies
	uintptr_t time;             // and where mtime does
	bool time_csr;              // mtime is also in the CSR time
	uint64_t tick;              // mtime of the next tick; all ones: none
	uint64_t charged;           // mtime until which time was charged
	uint64_t idle;              // ticks of it with nothing to do
	bool grace;                 // the last tick left a woken task its turn
	bool ring_turn;             // the ring goes before what was woken
	struct list woken;          // what was just woken goes first
	struct list *ring;          // then those that used up their slice, this
	                            // one in front; NULL: none
	struct heapq *deadlines;    // those that it sees to; one hart has all
	uint8_t mark;               // 1 + id, for who is in its queues

	// With more than one hart (floor 15).  The first four are also looked
	// at without the kernel lock.
	struct lock *lock;          // the kernel lock
	const free_call *free;      // by number: calls that may need no lock
	uintptr_t ticket;           // 1 + that for which it sleeps; 0: awake
	uint32_t asked;             // HART_FLUSH ...: before anything else
	bool away;                  // in the kernel without the lock: it does
	                            // what is asked before it leaves
	// How a frame's memory is loaded if it is not what satp says; answers
	// the frame.  NULL: satp is written, and translations are forgotten.
	struct trapframe *(*load)(struct trapframe *frame);
	bool stale;                 // with such a load: both come on the way
	                            // out, when the lock is released
};

// What harts ask of each other; who asks has the lock, and rings.
#define HART_FLUSH 1u            // forget translations
#define HART_TEXT  2u            // forget instructions that were fetched
#define HART_TURN  4u            // something was put into your queues

#define HART_FREE_BITS 8         // of a call's number, that hart->free has

extern char hart_rooms[BOARD_HARTS][HART_ROOM];

// The hart that asks.
static inline struct hart *this_hart(void)
{
	return __builtin_thread_pointer();
}

// The record of hart number id, whichever hart asks.
static inline struct hart *hart_of(uint64_t id)
{
	return (struct hart *)(hart_rooms[id] + HART_STACK_TOP);
}

// Clears a hart's record.
void hart_init(struct hart *hart, unsigned long id);

// The harts that are at work, a bit each.
extern uint64_t harts_online;

// The first of a set, from number id on; NULL: no more.
static inline struct hart *hart_next(uint64_t set, uint64_t id)
{
	for (; id < BOARD_HARTS; id++)
		if (set & 1ul << id)
			return hart_of(id);
	return NULL;
}
#define HARTS_EACH(name, set)                             \
	for (struct hart *name = hart_next(set, 0); name; \
	     name = hart_next(set, name->id + 1))

// How many are at work.
unsigned harts_count(void);

// Where a parked hart goes when it is rung; NULL: it stays parked.  boot.S
// gives it its stack first.
extern void (*hart_go)(unsigned long id);
