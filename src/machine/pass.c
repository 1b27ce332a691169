#include "machine/pass.h"
#include "machine/csr.h"
#include "machine/trap.h"

#define CAUSES 16

static trap_handler exceptions[CAUSES], interrupts[CAUSES];
static uint64_t start, longest;

static void pass_end(void)
{
	uint64_t length = csr_read(minstret) - start;

	if (length > longest)
		longest = length;
}

static void pass_next(void)
{
	pass_end();
	start = csr_read(minstret);
}

// A hart that waits in the kernel handles its interrupts there: each begins a
// pass, for the time until then was sleep.
static struct trapframe *pass_interrupt(struct trapframe *frame, unsigned long cause)
{
	start = csr_read(minstret);
	frame = interrupts[cause % CAUSES](frame, cause);
	if (frame)
		pass_end();
	return frame;
}

static struct trapframe *pass_exception(struct trapframe *frame, unsigned long cause)
{
	start = csr_read(minstret);
	frame = exceptions[cause](frame, cause);
	pass_end();
	return frame;
}

void pass_count(void)
{
	uint64_t enabled = csr_read(mie);

	start = csr_read(minstret);      // what came before is no pass
	trap_boundary = pass_next;
	for (unsigned i = 0; i < CAUSES; i++) {
		exceptions[i] = trap_on_exception(i, pass_exception);
		if (enabled & 1ul << i)
			interrupts[i] = trap_on_interrupt(i, pass_interrupt);
	}
}

uint64_t pass_longest(void)
{
	uint64_t was = longest;

	longest = 0;
	return was;
}
