// The end: last words, and power off with status 125.
#pragma once
#include <stdint.h>

#define PANIC_STATUS 125

// What the machine powers off with; a scene that panics on purpose sets 0.
extern int panic_status;

// For bugs of the kernel alone; a bad input is an error, never a panic.
void panic(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

// The chain of callers from these registers on (fp is s0; an ra of 0 is not
// known), one symbolised line each.  Reads only inside [low, high), the stack.
void backtrace(uintptr_t pc, uintptr_t ra, uintptr_t fp, uintptr_t low, uintptr_t high);

// Ends a panic: stops the machine.
void panic_stop(void) __attribute__((noreturn));
