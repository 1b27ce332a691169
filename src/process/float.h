// Float registers stay in the hart through a trap, the kernel being built
// without them.  They are switched off at birth and at each arrival; the first
// use traps and loads them; from then on they count as changed, and are stored
// when the frame leaves the hart.  (The hart's own opinion, FS at Clean, misses
// instructions that only raise an accrued flag, on QEMU 7.2.)
#pragma once
#include <stdbool.h>

struct hart;
struct process;
struct trapframe;

// Registers for the illegal-instruction trap, in front of the handler that is
// there.  Called on each hart, after trap_init().
void float_init(void);

// The frame with floats on leaves the hart.
void float_leave(struct hart *hart);

// The frame in memory is up to date after this; it may go on.
void float_store(struct trapframe *frame);

// Forgets the frame's values: zero at the next use, if `clear`; else those
// that somebody has put into fregs and fcsr.
void float_forget(struct trapframe *frame, bool clear);

// What lies in fregs and fcsr of a frame whose floats are off are values that
// it uses: a fork's, or those of before a handler.  Else it would count as one
// that has never used any, of which handlers keep none.
void float_adopt(struct trapframe *frame);
