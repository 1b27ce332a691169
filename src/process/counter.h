// Programs read counters (rdtime, rdcycle, rdinstret; on 32 bits rdtimeh, ...),
// also on harts that have no CSR for them.
#pragma once
#include "machine/trap.h"
#include <stdbool.h>
#include <stdint.h>

// Does what the instruction says and moves the pc behind it; false: it is no
// read of a counter, and nothing was done.
bool counter_emulate(struct trapframe *frame, uint32_t instruction);
