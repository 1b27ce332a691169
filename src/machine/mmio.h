// Device registers: volatile accesses of one exact width.
#pragma once
#include <stdint.h>

static inline uint8_t read8(uintptr_t at)
{
	return *(volatile uint8_t *)at;
}

static inline void write8(uintptr_t at, uint8_t value)
{
	*(volatile uint8_t *)at = value;
}

static inline uint32_t read32(uintptr_t at)
{
	return *(volatile uint32_t *)at;
}

static inline void write32(uintptr_t at, uint32_t value)
{
	*(volatile uint32_t *)at = value;
}

// A register of 64 bits, that a hart of 32 reads in halves: again if the upper
// one went on meanwhile.  (Privileged Architecture 1.12, section 3.2.1.)
static inline uint64_t read64(uintptr_t at)
{
	uint32_t high, low;

	if (sizeof(long) == 8)
		return *(volatile uint64_t *)at;
	do {
		high = read32(at + 4);
		low = read32(at);
	} while (high != read32(at + 4));
	return (uint64_t)high << 32 | low;
}

// Never less than both the old and the new value: a time to ring must not come
// too early.
static inline void write64_halves(uintptr_t at, uint64_t value)
{
	write32(at + 4, ~0u);
	write32(at, value);
	write32(at + 4, value >> 32);
}

static inline void write64(uintptr_t at, uint64_t value)
{
	if (sizeof(long) == 8)
		*(volatile uint64_t *)at = value;
	else
		write64_halves(at, value);
}

// Memory that a device reads or writes, and its registers: what comes before
// is done before what comes after.  On a board whose devices do not look into
// the caches (as on the C906 and C910), this is also where the lines of a
// buffer would be written back before the device reads it, and thrown away
// before the hart reads what the device has written; the buffers then must not
// share lines with anything else.
static inline void device_barrier(void)
{
	asm volatile("fence iorw, iorw" ::: "memory");
}
