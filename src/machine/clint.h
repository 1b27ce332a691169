// The CLINT: one clock for all harts (mtime), and per hart an alarm
// (mtimecmp) and a doorbell (msip).  (SiFive FU540-C000 manual, chapter 9.)
#pragma once
#include <stdint.h>

#define CLINT_NEVER (~(uint64_t)0)

// Ticks of mtime since reset; board.timebase of them make a second.
uint64_t clint_now(void);

// The timer interrupt of the hart that asks is pending from mtime >= when on;
// CLINT_NEVER disarms it.
void clint_arm(uint64_t when);
