// As machine/timer.h, for harts such as T-Head's C906: mtime is not in memory
// but the register `time`, and mtimecmp is written by halves only.
#pragma once
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/mmio.h"
#include <stdint.h>

static inline uint64_t timer_read(void)
{
	return csr_read(time);
}

static inline void timer_write(const struct hart *hart, uint64_t when)
{
	write64_halves(hart->alarm, when);
}
