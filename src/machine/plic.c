#include "machine/plic.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/mmio.h"
#include "machine/panic.h"
#include "machine/trap.h"
#include "process/sched.h"

// A context is one hart in one mode: each has its own enables and claims.
#define PLIC_PRIORITY(irq) (board.plic + 4 * (irq))
#define PLIC_ENABLE(context, irq) \
	(board.plic + 0x2000 + 0x80 * (context) + (irq) / 32 * 4)
#define PLIC_THRESHOLD(context) (board.plic + 0x200000 + 0x1000 * (context))
#define PLIC_CLAIM(context) (PLIC_THRESHOLD(context) + 4)

#define PLIC_BUDGET 16 // claims in one pass through the kernel

static struct {
	plic_handler handler;
	void *arg;
} sources[PLIC_SOURCES];

// Contexts are counted through: each hart has one for M and then one for S,
// but the first few may have M alone.
static unsigned plic_context(void)
{
	unsigned id = this_hart()->id, single = board.plic_single;

	return id < single ? id : 2 * id - single;
}

// A claim takes the most urgent interrupt away from all harts; writing its
// number back lets it come again.  What is left at the end of the budget keeps
// the hart's interrupt pending.
static struct trapframe *plic_interrupt(struct trapframe *frame, unsigned long cause)
{
	uintptr_t claim = PLIC_CLAIM(plic_context());
	(void)cause;

	for (int i = 0; i < PLIC_BUDGET; i++) {
		unsigned irq = read32(claim);

		if (irq == 0)
			break;
		if (irq < PLIC_SOURCES && sources[irq].handler)
			sources[irq].handler(sources[irq].arg);
		write32(claim, irq);
	}
	return sched_resume(frame);
}

void plic_register(unsigned irq, plic_handler handler, void *arg)
{
	uintptr_t enable = PLIC_ENABLE(plic_context(), irq);

	if (irq == 0 || irq >= PLIC_SOURCES)
		panic("no interrupt %u at the PLIC", irq);
	if (board.plic == 0)
		return;
	sources[irq].handler = handler;
	sources[irq].arg = arg;
	write32(PLIC_PRIORITY(irq), 1);
	write32(enable, read32(enable) | 1u << irq % 32);
}

void plic_init(void)
{
	if (board.plic == 0)
		return;
	write32(PLIC_THRESHOLD(plic_context()), 0);
	trap_on_interrupt(INTERRUPT_EXTERNAL, plic_interrupt);
}
