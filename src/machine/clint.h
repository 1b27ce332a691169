// The CLINT: one clock for all harts (mtime), and per hart an alarm
// (mtimecmp) and a doorbell (msip).  (SiFive FU540-C000 manual, chapter 9.)
#pragma once
#include "machine/board.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/mmio.h"
#include "machine/timer.h"
#include <stdint.h>

#define CLINT_NEVER (~(uint64_t)0)
#define CLINT_MSIP(hart)     (board.clint + 4 * (hart))
#define CLINT_MTIMECMP(hart) (0x4000 + 8 * (hart))
#define CLINT_MTIME          0xbff8

// Ticks of mtime since reset; board.timebase of them make a second.
// After clock_init().
static inline uint64_t clint_now(void)
{
	return timer_read();
}

// The same from the CSR time, which is a copy of mtime, if the hart has it: no
// load from a device, where harts may have to wait for each other.
// (Privileged Architecture 1.12, section 3.1.10.)
static inline uint64_t clint_time(void)
{
	return this_hart()->time_csr ? csr_read(time) : clint_now();
}

// The timer interrupt of the hart that asks is pending from mtime >= when on;
// CLINT_NEVER disarms it.  After clock_init().
static inline void clint_arm(uint64_t when)
{
	timer_write(this_hart(), when);
}

// The doorbell: the software interrupt of a hart is pending until it is
// answered.
static inline void clint_ring(uint64_t hart)
{
	write32(CLINT_MSIP(hart), 1);
}

static inline void clint_answer(void)
{
	write32(CLINT_MSIP(this_hart()->id), 0);
}
