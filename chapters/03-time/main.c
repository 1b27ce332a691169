// Chapter 3, time: the clock of the machine rings ten times, and a program
// that counts is interrupted ten times without noticing.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/trap.h"

#define TICKS 10
#define TICKS_PER_SECOND 100

static struct trapframe program;
static char program_stack[2048] __attribute__((aligned(16)));
static volatile uint64_t counter;
static uint64_t next;            // when the clock rings, in ticks of mtime
static int ticks;

static void count(void)
{
	for (;;)
		counter++;
}

static void finish(void)
{
	clint_arm(CLINT_NEVER);
	kprintf("%d ticks of %lu ms, none of them early\n", ticks,
	        1000ul / TICKS_PER_SECOND);
	board.poweroff(0);
}

// The interrupt is pending for as long as mtime >= mtimecmp: setting the clock
// anew is what ends it.
static struct trapframe *tick(struct trapframe *frame, unsigned long cause)
{
	static uint64_t seen;
	bool early = clint_now() < next;
	(void)cause;

	kprintf("tick %d%s, and the counter %s\n", ++ticks,
	        early ? " came early" : "",
	        counter > seen ? "went up" : "stood still");
	seen = counter;
	next = clint_now() + board.timebase / TICKS_PER_SECOND;
	clint_arm(next);
	if (ticks == TICKS)
		finish();
	return frame;
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 3: time\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime, and what day it is
	kprintf("the clock knows %s\n",
	        clock_realtime() > NANOSECONDS * 86400 * 365 * 50
	        ? "what day it is" : "only how long it runs");
	trap_on_interrupt(INTERRUPT_TIMER, tick);
	next = clint_now() + board.timebase / TICKS_PER_SECOND;
	clint_arm(next);

	program.pc = (uintptr_t)count;
	program.regs[SP] = (uintptr_t)(program_stack + sizeof program_stack);
	// In machine mode, and with interrupts on from mret.
	program.status = MSTATUS_MPP | MSTATUS_MPIE;
	program.kstack = this_hart();
	trap_return(&program);
}
