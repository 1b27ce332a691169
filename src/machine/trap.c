#include "machine/trap.h"
#include "lib/print.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/panic.h"

#define CAUSES 16               // more of them are reserved

static const char *const cause_names[CAUSES] = {
	"instruction address misaligned", "instruction access fault",
	"illegal instruction",            "breakpoint",
	"load address misaligned",        "load access fault",
	"store address misaligned",       "store access fault",
	"system call from user mode",     "system call from supervisor mode",
	"cause 10",                       "system call from machine mode",
	"instruction page fault",         "load page fault",
	"cause 14",                       "store page fault",
};

static const char register_names[32][4] = {
	"0",  "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

extern char trap_vector[];       // trap.S
void trap_try_failed(uintptr_t stack, unsigned long cause) __attribute__((noreturn));
void trap_in_kernel(struct trapframe *frame, unsigned long cause);

static struct trapframe *trap_unexpected(struct trapframe *, unsigned long);

static trap_handler exceptions[CAUSES] = {
	[0 ... CAUSES - 1] = trap_unexpected,
};
static trap_handler interrupts[CAUSES] = {
	[0 ... CAUSES - 1] = trap_unexpected,
};

const char *trap_cause_name(unsigned long cause)
{
	if (cause & CAUSE_INTERRUPT)
		return "interrupt";
	if (cause == CAUSE_BUS)
		return "page that cannot be had";
	return cause < CAUSES ? cause_names[cause] : "unknown cause";
}

void trap_report(const char *what, const struct trapframe *frame, unsigned long cause, unsigned long tval)
{
	kprintf("%s: %s, pc %lx, tval %lx\n", what, trap_cause_name(cause),
	        frame->pc, tval);
	for (int i = 1; i < 32; i++)
		kprintf("%4s %016lx%c", register_names[i], frame->regs[i],
		        i % 4 == 3 || i == 31 ? '\n' : ' ');
}

// Nobody registered for it: on these floors that is a bug of the kernel.
static struct trapframe *trap_unexpected(struct trapframe *frame, unsigned long cause)
{
	trap_report("unexpected trap", frame, cause, csr_read(mtval));
	panic("no handler for %s (cause %lx)", trap_cause_name(cause), cause);
}

trap_handler trap_on_exception(unsigned cause, trap_handler handler)
{
	trap_handler before = exceptions[cause];

	exceptions[cause] = handler;
	if (cause == CAUSE_ECALL_U)
		for (int i = 0; i < BOARD_HARTS; i++)
			hart_of(i)->ecall = handler;
	return before;
}

trap_handler trap_on_interrupt(unsigned number, trap_handler handler)
{
	trap_handler before = interrupts[number];

	interrupts[number] = handler;
	csr_set(mie, 1ul << number);
	return before;
}

void trap_on_fault(trap_handler handler)
{
	for (int i = 0; i < CAUSES; i++)
		if (exceptions[i] == trap_unexpected)
			trap_on_exception(i, handler);
}

// An interrupt of a higher number cannot be: nobody can enable it.
struct trapframe *trap(struct trapframe *frame, unsigned long cause)
{
	if (cause & CAUSE_INTERRUPT)
		return interrupts[cause % CAUSES](frame, cause);
	if (cause < CAUSES)
		return exceptions[cause](frame, cause);
	return trap_unexpected(frame, cause);
}

void (*trap_boundary)(void);

void trap_poll_interrupts(void)
{
	uint64_t pending = csr_read(mip) & csr_read(mie);

	if (pending == 0)
		return;
	for (unsigned i = 0; i < CAUSES; i++)
		if (pending & 1ul << i)
			interrupts[i](NULL, CAUSE_INTERRUPT | i);
}

// Called by trap.S on the emergency stack: the kernel itself has trapped.
// Inside trap_try() that is an answer, anywhere else a bug.
void trap_in_kernel(struct trapframe *frame, unsigned long cause)
{
	struct hart *hart = this_hart();
	unsigned long tval = csr_read(mtval);
	uintptr_t stack = hart->try_stack;
	uintptr_t room = (uintptr_t)hart - HART_STACK_TOP;

	if (stack) {
		hart->try_stack = 0;
		trap_try_failed(stack, cause);
	}
	if (hart->faults++)      // while telling of the first one
		panic_stop();
	kprintf("\npanic: hart %lu: the kernel trapped", hart->id);
	if (frame->regs[SP] - room < HART_GUARD + 512)
		kprintf(" (kernel stack overflow)");
	trap_report("", frame, cause, tval);
	backtrace(frame->pc, frame->regs[RA], frame->regs[8],
	          room + HART_GUARD, room + HART_ROOM);
	panic_stop();
}

// The kernel runs with interrupts off.  What hart is this, where do traps go?
void trap_init(void)
{
	uint64_t id = csr_read(mhartid);

	hart_init(this_hart(), id);
	harts_online = 1ul << id;
	this_hart()->ecall = exceptions[CAUSE_ECALL_U];
	csr_write(mie, 0);
	csr_write(mscratch, 0);
	csr_write(mtvec, trap_vector);
}
