// src/lib/ubsan.c: this file is compiled with -fsanitize=undefined, and linked
// with our handlers in place of the compiler's library.
#include "claim.h"
#include "machine/panic.h"
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

unsigned claims, failures;
jmp_buf panic_exit;
bool panic_expected;
char panic_text[200];

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(panic_text, sizeof(panic_text), fmt, args);
	va_end(args);
	if (!panic_expected)
		abort();
	longjmp(panic_exit, 1);
}

bool said(const char *words)
{
	return strstr(panic_text, words) && strstr(panic_text, "test_ubsan.c:");
}

// Nothing here is known to the compiler.
static volatile int zero, one = 1, most = INT_MAX, least = INT_MIN;
static volatile int many = 40, result;
static int row[4];
static int *volatile nowhere;
static char *volatile odd = (char *)row + 1;
static char *volatile high = (char *)-16;
static volatile unsigned char seven = 7;

static bool __attribute__((noinline)) not_a_bool(void)
{
	return *(bool *)&seven;
}

static void __attribute__((noinline)) not_here(int n)
{
	result = n;
	if (n)
		__builtin_unreachable();
}

int main(void)
{
	PANICS("signed addition overflows", result = most + one);
	PANICS("signed subtraction overflows", result = least - one);
	PANICS("signed multiplication overflows", result = most * many);
	PANICS("negation overflows", result = -least);
	PANICS("division by zero", result = one / zero);
	PANICS("shift out of bounds", result = one << many);
	PANICS("index out of bounds", result = row[many]);
	PANICS("NULL pointer", result = *nowhere);
	PANICS("misaligned pointer", result = *(int *)odd);
	PANICS("invalid bool", result = not_a_bool());
	PANICS("clz or ctz of 0", result = __builtin_ctz(zero));
	PANICS("pointer arithmetic", odd = high + many);
	PANICS("the unreachable", not_here(one));
	printf("ubsan  %7u claims, %u not so\n", claims, failures);
	return failures != 0;
}
