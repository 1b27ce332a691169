// What the kernel knows of one hart.  All of it lives in the hart's room:
//
//	room +     0   guard page, which the PMP makes untouchable
//	     +  4096   the kernel stack grows down to here
//	     + 12288   struct hart; sp starts here, and tp stays here
//	     + 16384   the emergency stack grows down from here
//
// While a hart is in the kernel its tp points at its struct hart.
#pragma once
#include "lib/list.h"
#include "machine/board.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HART_GUARD 4096
#define HART_STACK_TOP 12288

struct trapframe;
struct task;
typedef struct trapframe *(*trap_handler)(struct trapframe *frame, unsigned long cause);

struct hart {
	unsigned long id;
	trap_handler ecall;         // of system calls, for trap.S
	unsigned long satp;         // the address space that it has loaded
	struct task *running;       // what it runs; NULL: nothing
	struct trapframe *floats;   // whose values its float registers hold
	struct trapframe *floating; // the frame that has them switched on
	uintptr_t try_stack;        // of trap_try(), 0: none under way
	unsigned long faults;       // kernel faults so far, to stop a chain
	uintptr_t alarm;            // where its mtimecmp lies
	uintptr_t time;             // and where mtime does
	uint64_t tick;              // mtime of the next tick; all ones: none
	uint64_t charged;           // mtime until which time was charged
	uint64_t idle;              // ticks of it with nothing to do
	bool grace;                 // the last tick left a woken task its turn
	bool ring_turn;             // the ring goes before what was woken
	struct list woken;          // what was just woken goes first
	struct list *ring;          // then those that used up their slice, this
	                            // one in front; NULL: none
};

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

// Clears the record of the hart that asks.
void hart_init(uint64_t id);
