#include "machine/panic.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/symbol.h"

#include <stdarg.h>

#define BACKTRACE_DEPTH 24

// A debugger, or who reads memory after the fact, finds the last words here.
char panic_words[160];

int panic_status = PANIC_STATUS;

// With frame pointers, s0 points past the saved pair: ra at -8, s0 at -16
// (RISC-V ELF psABI, "Frame pointer convention").
void backtrace(uintptr_t pc, uintptr_t fp, uintptr_t low, uintptr_t high)
{
	for (int depth = 0; depth < BACKTRACE_DEPTH; depth++) {
		symbol_print(pc);
		if (fp % 8 || fp < low + 16 || fp > high)
			return;
		pc = ((uintptr_t *)fp)[-1];
		fp = ((uintptr_t *)fp)[-2];
		if (pc == 0)
			return;
		pc -= 1;         // the call, not the line after it
	}
}

void panic_stop(void)
{
	board.poweroff(panic_status);
	for (;;)
		;
}

void panic(const char *message, ...)
{
	uintptr_t fp = (uintptr_t)__builtin_frame_address(0);
	uintptr_t hart;
	va_list args;

	va_start(args, message);
	vformat(panic_words, sizeof panic_words, message, args);
	va_end(args);
	asm("csrr %0, mhartid" : "=r"(hart));
	kprintf("\npanic: hart %lu: %s\n", hart, panic_words);
	backtrace((uintptr_t)__builtin_return_address(0) - 1,
	          ((uintptr_t *)fp)[-2], fp & -HART_ROOM,
	          (fp & -HART_ROOM) + HART_ROOM);
	panic_stop();
}
