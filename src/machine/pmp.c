#include "machine/pmp.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/panic.h"
#include "machine/trap.h"
#include "machine/walls.h"

#define PMP_R      0x01ul
#define PMP_W      0x02ul
#define PMP_X      0x04ul
#define PMP_TOR    0x08ul        // from the entry before up to this address
#define PMP_NAPOT  0x18ul        // size in the address's low bits
#define PMP_LOCK   0x80ul

enum { TEXT = 1, RODATA = 2, GUARD = 3, REGION = 4, OPEN = 7 };

extern char _text_start[], _text_end[], _rodata_end[];

// Entries are the bytes of pmpcfg0; on 32 bits it has four, and pmpcfg1 the
// others.  (Section 3.7.1.)
static void pmp_configure(unsigned entry, unsigned long bits)
{
	const unsigned each = sizeof(long);
	unsigned shift = 8 * (entry % each);

	if (entry < each)
		csr_write(pmpcfg0, (csr_read(pmpcfg0) & ~(0xfful << shift)) |
		                           bits << shift);
	else
		csr_write(pmpcfg1, (csr_read(pmpcfg1) & ~(0xfful << shift)) |
		                           bits << shift);
}

// What was translated under the old rules may still be in the TLB.
static void pmp_flush(void)
{
	if (csr_read(misa) & MISA('S'))
		asm volatile("sfence.vma" ::: "memory");
}

static uintptr_t pmp_probe(uintptr_t entry)
{
	return entry < 16 ? csr_read(pmpaddr0) : csr_read(pmpaddr16);
}

unsigned pmp_entries(void)
{
	uintptr_t value;

	if (trap_try(pmp_probe, 0, &value))
		return 0;
	return trap_try(pmp_probe, 16, &value) ? 16 : 64;
}

static void pmp_need(void)
{
	if (pmp_entries() == 0)
		panic("this hart has no PMP, user mode would reach nothing");
}

void pmp_open(void)
{
	pmp_need();
	// 2^56 bytes from 0, or 2^34: all that there can be.
	csr_write(pmpaddr7, ~0ul >> (sizeof(long) == 8 ? 10 : 0));
	pmp_configure(OPEN, PMP_NAPOT | PMP_R | PMP_W | PMP_X);
	pmp_flush();
}

void pmp_walls(const struct walls *walls)
{
	if (walls->count > PMP_WALLS)
		panic("%u entries for walls, there are %u", walls->count,
		      PMP_WALLS);
	csr_write(pmpaddr4, walls->address[0]);
	csr_write(pmpaddr5, walls->address[1]);
	csr_write(pmpaddr6, walls->address[2]);
	for (unsigned i = 0; i < PMP_WALLS; i++)
		pmp_configure(REGION + i,
		              i < walls->count ? walls->config[i] : 0);
	pmp_configure(OPEN, 0);
	pmp_flush();
}

void pmp_lock_kernel(void)
{
	uintptr_t guard = (uintptr_t)this_hart() - HART_STACK_TOP;

	pmp_need();
	csr_write(pmpaddr0, (uintptr_t)_text_start >> 2);
	csr_write(pmpaddr1, (uintptr_t)_text_end >> 2);
	csr_write(pmpaddr2, (uintptr_t)_rodata_end >> 2);
	csr_write(pmpaddr3, guard >> 2 | (HART_GUARD / 8 - 1));
	// In one write: those that are locked do not like to be written again.
	csr_set(pmpcfg0, (PMP_LOCK | PMP_TOR | PMP_R | PMP_X) << 8 * TEXT |
	                         (PMP_LOCK | PMP_TOR | PMP_R) << 8 * RODATA |
	                         (PMP_LOCK | PMP_NAPOT) << 8 * GUARD);
	pmp_flush();
}
