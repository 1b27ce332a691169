#include "machine/pass.h"
#include "machine/csr.h"
#include "machine/trap.h"

#define CAUSES 16

static trap_handler exceptions[CAUSES], interrupts[CAUSES];

// Of each hart, for while one waits for the others its count goes on.
static struct pass {
	uint64_t start;          // 0: not in one yet
	uint64_t longest;
} passes[BOARD_HARTS];

static void pass_begin(void)
{
	passes[this_hart()->id].start = csr_read(minstret);
}

static void pass_end(void)
{
	struct pass *pass = &passes[this_hart()->id];
	uint64_t length = csr_read(minstret) - pass->start;

	if (pass->start && length > pass->longest)
		pass->longest = length;
}

static void pass_next(void)
{
	pass_end();
	pass_begin();
}

// A hart that waits in the kernel handles its interrupts there: each begins a
// pass, for the time until then was sleep.
static struct trapframe *pass_interrupt(struct trapframe *frame, unsigned long cause)
{
	pass_begin();
	frame = interrupts[cause % CAUSES](frame, cause);
	if (frame)
		pass_end();
	return frame;
}

static struct trapframe *pass_exception(struct trapframe *frame, unsigned long cause)
{
	pass_begin();
	frame = exceptions[cause](frame, cause);
	pass_end();
	return frame;
}

void pass_count(void)
{
	uint64_t enabled = csr_read(mie);

	pass_begin();                    // what came before is no pass
	trap_boundary = pass_next;
	for (unsigned i = 0; i < CAUSES; i++) {
		exceptions[i] = trap_on_exception(i, pass_exception);
		if (enabled & 1ul << i)
			interrupts[i] = trap_on_interrupt(i, pass_interrupt);
	}
}

uint64_t pass_longest(void)
{
	uint64_t longest = 0;

	for (unsigned i = 0; i < BOARD_HARTS; i++) {
		if (passes[i].longest > longest)
			longest = passes[i].longest;
		passes[i].longest = 0;
	}
	return longest;
}
