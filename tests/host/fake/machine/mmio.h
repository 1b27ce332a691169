// Stands in front of src/machine/mmio.h: registers that a test plays.
#pragma once
#include <stdint.h>

uint32_t read32(uintptr_t at);
void write32(uintptr_t at, uint32_t value);
uint64_t read64(uintptr_t at);

// Nobody asks for these, but headers of the machine have them in inlines.
static inline void write64(uintptr_t at, uint64_t value)
{
	(void)at, (void)value;
}

static inline void device_barrier(void)
{
}
