#include "machine/board.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/mmio.h"
#include "machine/trap.h"
#include "monitor/monitor.h"

struct request {
	uintptr_t at;
	unsigned size;
	bool write;
	uint64_t value;
};

// Runs inside trap_try().
static uintptr_t access(uintptr_t argument)
{
	struct request *r = (void *)argument;
	volatile void *at = (volatile void *)r->at;

	if (r->size == 8 && r->write)
		*(volatile uint64_t *)at = r->value;
	else if (r->size == 8)
		r->value = *(volatile uint64_t *)at;
	else if (r->size == 4 && r->write)
		write32(r->at, r->value);
	else if (r->size == 4)
		r->value = read32(r->at);
	else if (r->size == 2 && r->write)
		*(volatile uint16_t *)at = r->value;
	else if (r->size == 2)
		r->value = *(volatile uint16_t *)at;
	else if (r->write)
		write8(r->at, r->value);
	else
		r->value = read8(r->at);
	// A fault that comes late is still this access's.
	device_barrier();
	return 0;
}

uintptr_t peek(uintptr_t at, unsigned size, uint64_t *value)
{
	struct request r = { .at = at, .size = size };
	uintptr_t result;
	uintptr_t fault = trap_try(access, (uintptr_t)&r, &result);

	*value = r.value;
	return fault;
}

uintptr_t poke(uintptr_t at, unsigned size, uint64_t value)
{
	struct request r = { at, size, true, value };
	uintptr_t result;

	return trap_try(access, (uintptr_t)&r, &result);
}

static bool overlaps(uintptr_t at, size_t size, const char *start, const char *end)
{
	return at < (uintptr_t)end && at + size > (uintptr_t)start;
}

// Text may lie in flash, and the rest of it from the beginning of memory on.
bool is_ours(uintptr_t at, size_t size)
{
	extern char _text_start[], _rodata_end[], _end[];

	return overlaps(at, size, _text_start, _rodata_end) ||
	       overlaps(at, size, (const char *)board.ram, _end);
}

// The number of a CSR is part of the instruction, so that is made anew for
// each: "csrrs a0, csr, zero" or "csrrw zero, csr, a0", and "ret".
// (Unprivileged ISA, chapter 9.)
static uint32_t stub[2];

static uintptr_t call_stub(uintptr_t value)
{
	return ((uintptr_t(*)(uintptr_t))stub)(value);
}

static uintptr_t csr_access(uint32_t instruction, uintptr_t *value)
{
	uintptr_t result = 0;
	uintptr_t fault;

	stub[0] = instruction;
	stub[1] = 0x00008067;
	asm volatile("fence.i" ::: "memory");
	fault = trap_try(call_stub, *value, &result);
	*value = result;
	return fault;
}

uintptr_t csr_peek(unsigned csr, uintptr_t *value)
{
	*value = 0;
	return csr_access(csr << 20 | 0x2573, value);
}

uintptr_t csr_poke(unsigned csr, uintptr_t value)
{
	return csr_access(csr << 20 | 0x51073, &value);
}

struct start {
	uintptr_t at, tree;
};

static uintptr_t call_start(uintptr_t argument)
{
	struct start *start = (void *)argument;

	return ((uintptr_t(*)(uintptr_t, uintptr_t))start->at)(
		csr_read(mhartid), start->tree);
}

uintptr_t go(uintptr_t at, uintptr_t tree, uintptr_t *result)
{
	struct start start = { at, tree };
	uintptr_t answer = 0;
	uintptr_t fault;

	asm volatile("fence.i" ::: "memory");
	fault = trap_try(call_start, (uintptr_t)&start, &answer);
	trap_init();     // whatever it did to the vector
	clock_init();
	*result = answer;
	return fault;
}
