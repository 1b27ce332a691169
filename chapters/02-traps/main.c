// Chapter 2, traps: one vector, and a frame that holds all that a program is.
// A program meets an instruction that the hart does not know; the kernel says
// so in words and lets it go on behind it.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/panic.h"
#include "machine/trap.h"

#define ANSWER 42

static struct trapframe program;
static char program_stack[2048] __attribute__((aligned(16)));

// There is no user mode yet: it runs in machine mode, but by its frame.
static void start(void)
{
	register unsigned long kept asm("s1") = ANSWER;

	kprintf("program: on its way, s1 = %lu\n", kept);
	asm volatile(".globl bad_word\nbad_word: .word 0" : "+r"(kept));
	kprintf("program: resumed behind it, s1 = %lu\n", kept);
	asm volatile("ebreak" : "+r"(kept));
	kprintf("never reached\n");
}

// The handler decides: behind the instruction is where it goes on.
static struct trapframe *illegal(struct trapframe *frame, unsigned long cause)
{
	extern char bad_word[];

	kprintf("trap: %s\n", trap_cause_name(cause));
	kprintf("trap: pc is %s, s1 was %lu\n",
	        frame->pc == (uintptr_t)bad_word ? "at the bad word" : "lost",
	        frame->regs[9]);
	frame->pc += 4;
	return frame;
}

static struct trapframe *breakpoint(struct trapframe *frame, unsigned long cause)
{
	(void)frame;
	kprintf("trap: %s: the program has ended\n", trap_cause_name(cause));
	board.poweroff(0);
	return NULL;
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 2: traps\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	trap_on_exception(CAUSE_ILLEGAL, illegal);
	trap_on_exception(CAUSE_BREAKPOINT, breakpoint);
	kprintf("hart %lu: traps have a door\n", hartid);

	program.pc = (uintptr_t)start;
	program.regs[SP] = (uintptr_t)(program_stack + sizeof program_stack);
	program.status = MSTATUS_MPP;    // stay in machine mode
	program.kstack = this_hart();
	trap_return(&program);
}
