#include "machine/panic.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/symbol.h"

#include <stdarg.h>
#include <stdbool.h>

#define BACKTRACE_DEPTH 24

// A debugger, or who reads memory after the fact, finds the last words here.
char panic_words[160];

int panic_status = PANIC_STATUS;

static bool same_function(uintptr_t a, uintptr_t b)
{
	uintptr_t offset;

	return symbol_name(a, &offset) == symbol_name(b, &offset);
}

// With frame pointers, s0 points past the saved pair: ra at -8, s0 at -16
// (RISC-V ELF psABI, "Frame pointer convention").  A function that calls none
// saves s0 alone, at -8, and has its caller in ra.
void backtrace(uintptr_t pc, uintptr_t ra, uintptr_t fp, uintptr_t low, uintptr_t high)
{
	symbol_print(pc);
	if (ra && !same_function(pc, ra))
		symbol_print(ra - 1);    // the call, not the line after it
	for (int depth = 0; depth < BACKTRACE_DEPTH; depth++) {
		uintptr_t *pair = (uintptr_t *)fp, offset;

		if (fp % 8 || fp < low + 16 || fp > high)
			return;
		fp = pair[-2];
		if (symbol_name(pair[-1], &offset) == NULL)
			fp = pair[-1];
		else if (depth || pair[-1] != ra)
			symbol_print(pair[-1] - 1);
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
	unsigned long hart;
	va_list args;

	va_start(args, message);
	vformat(panic_words, sizeof panic_words, message, args);
	va_end(args);
	asm("csrr %0, mhartid" : "=r"(hart));
	kprintf("\npanic: hart %lu: %s\n", hart, panic_words);
	backtrace((uintptr_t)__builtin_return_address(0) - 1, 0,
	          ((uintptr_t *)fp)[-2], fp & -HART_ROOM,
	          (fp & -HART_ROOM) + HART_ROOM);
	panic_stop();
}
