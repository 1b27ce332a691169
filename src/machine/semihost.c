#include "machine/semihost.h"
#include "lib/print.h"
#include <stdint.h>

#define SYS_EXIT_EXTENDED 0x20           // takes a block, whatever XLEN is
#define APPLICATION_EXIT  0x20026

// Without a debugger the ebreak is a trap; its vector leads behind it.  The
// three instructions must not be compressed, nor lie on two pages.
static void semihost_call(unsigned long number, const void *block)
{
	register unsigned long a0 asm("a0") = number;
	register const void *a1 asm("a1") = block;

	asm volatile("	la	t0, 1f\n"
	             "	csrw	mtvec, t0\n"
	             "	.balign	16\n"
	             "	.option	push\n"
	             "	.option	norvc\n"
	             "	slli	zero, zero, 0x1f\n"
	             "	ebreak\n"
	             "	srai	zero, zero, 7\n"
	             "	.option	pop\n"
	             "	.balign	4\n"
	             "1:\n"
	             : "+r"(a0)
	             : "r"(a1)
	             : "t0", "memory");
}

void semihost_poweroff(int status)
{
	uintptr_t block[2] = { APPLICATION_EXIT, status };

	semihost_call(SYS_EXIT_EXTENDED, block);
	kprintf("board: off, with status %d\n", status);
	for (;;)
		asm volatile("csrw mie, zero\n	wfi");
}
