// More than one hart: brings up those that are parked, and is what they say to
// each other.  A hart that has work for another notes it in `asked` and rings
// its doorbell (msip); whoever takes the kernel lock looks there first.
//
// Translations.  Only user mode has any, so a hart in the kernel may keep old
// ones as long as it forgets them before it leaves.  Who takes pages away
// waits, with the lock, for those harts alone that run threads of the same
// process: until they are in the kernel, at the lock.
#pragma once
#include "machine/hart.h"
#include "machine/trap.h"
#include <stdint.h>

// Brings up all harts of the board that can run what this one can; says which
// cannot, or do not answer.  With one hart nothing happens.  From here on the
// caller has the kernel lock.  After all other floors.
void harts_init(void);

// Leaves the kernel for the first time: releases the lock, if it is used.
void harts_leave(struct trapframe *frame) __attribute__((noreturn));

// Has the hart look at its queues.  Lock: the kernel lock.
void harts_ask(struct hart *hart, uint32_t what);

// For harts.S.  What was asked is done; the cause to handle.
unsigned long harts_asked(unsigned long cause);
