// The two registers of a hart's timer, where both lie in memory.  A board where
// one does not is built with a file of this name of its own, as src/thead has.
#pragma once
#include "machine/hart.h"
#include "machine/mmio.h"
#include <stdint.h>

// mtime, for the hart that asks; after clock_init().
static inline uint64_t timer_read(void)
{
	return read64(this_hart()->time);
}

// mtimecmp of a hart.
static inline void timer_write(const struct hart *hart, uint64_t when)
{
	write64(hart->alarm, when);
}
