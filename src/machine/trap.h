// One vector, one save format, one C function.  A trap stores the hart into
// the frame at mscratch; leaving the kernel loads the hart from the frame that
// trap() returns.  mstatus is only loaded: of all that is in it user mode can
// change nothing but the state of the floats, see process/float.c.
#pragma once
#include "machine/hart.h"
#include <stdbool.h>
#include <stdint.h>

// Everything that makes a process: trap.S knows this layout through offsets
// that are generated from it (offsets.c).
struct trapframe {
	unsigned long regs[32];  //   0  x0 is never stored nor loaded
	uint64_t fregs[32];      // 256  stored only when they must be
	unsigned long satp;      // 512  the address space
	struct hart *kstack;     // 520  the hart's stack ends at its record
	unsigned long hartid;    // 528
	unsigned long pc;        // 536  mepc
	unsigned long status;    // 544  mstatus, the kernel's to set
	uint64_t fcsr;           // 552
	struct hart *float_hart; // 560  whose float registers may be ours
};

// Register numbers by name.
enum { RA = 1, SP = 2, GP = 3, TP = 4, A0 = 10, A1, A2, A3, A4, A5, A6, A7 };

// Handles one cause and answers the frame to resume: this one or another.
// tval is in the CSR mtval until the next trap.  (trap_handler, machine/hart.h)
// What a handler may answer instead, if the frame is the one that trapped and
// gp, s0 ... s11 in it are as they were: a C function preserves those, so the
// hart has them still, and they need not be loaded.  Told by the sign, which no
// address of the kernel has.
static inline struct trapframe *trap_same(struct trapframe *frame)
{
	return (struct trapframe *)-(uintptr_t)frame;
}

// Makes this hart's traps arrive at trap().  Interrupts of a kind stay off
// until somebody registers for them.
void trap_init(void);

// Only one handler per cause; registering again replaces it, and answers the
// one before.  Causes as in enum trap_cause and enum trap_interrupt.
trap_handler trap_on_exception(unsigned cause, trap_handler handler);
trap_handler trap_on_interrupt(unsigned number, trap_handler handler);

// For every exception that has no handler of its own yet.
void trap_on_fault(trap_handler handler);

// Called by trap.S for all causes but system calls, for which it calls the
// handler itself: they are the most frequent by far.
struct trapframe *trap(struct trapframe *frame, unsigned long cause);

// Handles what interrupts are pending, for a hart that waits in the kernel with
// interrupts off, or goes from one piece of work there to the next.
void trap_poll_interrupts(void);

// Called between pieces of work in the kernel: a pass ends, the next begins.
// NULL: nobody counts.
extern void (*trap_boundary)(void);

// Loads the hart from the frame and leaves the kernel.
void trap_return(struct trapframe *frame) __attribute__((noreturn));

// "store page fault" and the like, for people.
const char *trap_cause_name(unsigned long cause);

// All registers, for people, after a line "what: cause, pc, tval".
void trap_report(const char *what, const struct trapframe *frame, unsigned long cause, unsigned long tval);

// Calls function(argument) in the kernel.  Returns 0 and its result, or, if
// it faulted, 1 + cause: to find out what a hart has.
uintptr_t trap_try(uintptr_t (*function)(uintptr_t argument), uintptr_t argument, uintptr_t *result);

// trap.S: float registers of the hart to or from the frame.  FS must be on.
void trap_store_floats(struct trapframe *frame);
void trap_load_floats(const struct trapframe *frame);
