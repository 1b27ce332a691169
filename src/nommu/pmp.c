#include "nommu/pmp.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/panic.h"
#include "machine/trap.h"

#define NAPOT_LOCK 0x98ul        // a power of two, locked, no rights
#define LEAST 5                  // stack (2), text, constants, data

static struct walls plan = { .most = 0 };
static bool flushes;             // the hart has a TLB for what PMP said

// CSRs are numbered in the instruction, so each entry has a line of its own.
#define EACH(n) n(15) n(14) n(13) n(12) n(11) n(10) n(9) n(8) n(7) n(6) \
	        n(5) n(4) n(3) n(2) n(1)

#define TRY(n)                                       \
	case n:                                      \
		csr_write(pmpaddr##n, ~0ul);         \
		kept = csr_read(pmpaddr##n);         \
		csr_write(pmpaddr##n, 0);            \
		break;

// What is kept of ones that are written to an entry that is off: nothing if
// there is no such entry, and no bit below the grain.
static uintptr_t pmp_probe(uintptr_t entry)
{
	uintptr_t kept = 0;

	switch (entry) {
		EACH(TRY)
	}
	return kept;
}

unsigned pmp_entries(void)
{
	uintptr_t kept;
	unsigned n = 1;

	while (n < WALLS_MOST && !trap_try(pmp_probe, n, &kept) && kept) {
		plan.grain = 4 * (kept & -kept);
		n++;
	}
	return n > 1 ? n : 0;
}

// The boot argument "pmp=N": as if the hart had no more.
static unsigned pmp_most(void)
{
	size_t length;
	const char *digits = board_arg("pmp", &length);
	unsigned n = 0;

	for (size_t i = 0; digits && i < length; i++)
		n = n * 10 + digits[i] - '0';
	return digits ? n : WALLS_MOST;
}

struct walls pmp_plan(void)
{
	unsigned entries;

	if (plan.most)
		return plan;
	entries = pmp_entries();
	if (entries > pmp_most())
		entries = pmp_most();
	if (entries <= LEAST)
		panic("%u PMP entries: too few for the walls of a program",
		      entries);
	if (plan.grain > HART_GUARD)
		panic("PMP regions of %lu bytes at least: no page has walls",
		      (unsigned long)plan.grain);
	plan.most = entries - 1;
	return plan;
}

static void pmp_flush(void)
{
	if (flushes)
		asm volatile("sfence.vma" ::: "memory");
}

#define PUT(n)                                                  \
	case n:                                                 \
		csr_write(pmpaddr##n, walls->address[n - 1]);   \
		__attribute__((fallthrough));

// Eight entries to a word; the first one is ours, and keeps what it has.  The
// order does not matter: machine mode heeds none of them.
void pmp_load(const struct walls *walls)
{
	const uint64_t *config = (const void *)(walls ? walls->config : NULL);

	if (walls == NULL) {
		csr_write(pmpcfg0, 0);
		csr_write(pmpcfg2, 0);
	} else {
		switch (walls->count) {
			EACH(PUT)
		default:
			break;
		}
		csr_write(pmpcfg0, config[0] << 8);
		csr_write(pmpcfg2, config[0] >> 56 | config[1] << 8);
	}
	pmp_flush();
}

// The guard alone; see pmp.h.
void pmp_lock_kernel(void)
{
	uintptr_t guard = (uintptr_t)this_hart() - HART_STACK_TOP;

	flushes = csr_read(misa) & MISA('S');
	csr_write(pmpaddr0, guard >> 2 | (HART_GUARD / 8 - 1));
	csr_write(pmpcfg0, NAPOT_LOCK);
	pmp_flush();
}

// User mode gets its walls with its program.
void pmp_open(void)
{
}
