// src/lib/print.c against the C library's snprintf.
#include "claim.h"
#include "lib/print.h"
#include <limits.h>
#include <string.h>

// Whole, and cut short at every length.
#define SAME(fmt, ...)                                                        \
	do {                                                                  \
		char ours[120], theirs[120];                                  \
		for (size_t n = 0; n < sizeof(ours); n++) {                   \
			memset(ours, '#', sizeof(ours));                      \
			memset(theirs, '#', sizeof(theirs));                  \
			int a = format(ours, n, fmt, __VA_ARGS__);            \
			int b = snprintf(theirs, n, fmt, __VA_ARGS__);        \
			ROW_CLAIM(ours, a == b);                              \
			ROW_CLAIM(ours, !memcmp(ours, theirs, sizeof(ours))); \
		}                                                             \
	} while (0)

static char console[100];
static size_t console_size;

static void to_console(char c)
{
	console[console_size++] = c;
}

static void numbers(void)
{
	static const long values[] = {
		0,       1,       -1,       9,        10,           255,
		INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, 1234567890123
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		long v = values[i];

		SAME("%d|%i|%u|%x", (int)v, (int)v, (int)v, (int)v);
		SAME("%ld|%lu|%lx", v, v, v);
		SAME("%zu|%zx|%lld|%llu", (size_t)v, (size_t)v, (long long)v,
		     (long long)v);
		SAME("%hd|%hu|%hhd|%hhu", (short)v, (unsigned short)v,
		     (signed char)v, (unsigned char)v);
		SAME("[%5d] [%-5d] [%05d]", (int)v, (int)v, (int)v);
		SAME("[%30ld] [%-30ld] [%030ld]", v, v, v);
		SAME("[%016lx] [%-16lx] [%3x]", v, v, (int)v);
	}
	const char *both = "[%-06d]"; // a warning, were it written below

	SAME(both, 42);
	SAME("%p %20p|%-20p|", (void *)0x80001234, (void *)1, (void *)-1);
}

static void texts(void)
{
	SAME("%s", "");
	SAME("plain%s", " and simple");
	SAME("[%8s] [%-8s] [%2s]", "abc", "abc", "abc");
	SAME("[%.2s] [%.0s] [%.9s]", "abc", "abc", "abc");
	SAME("[%6.2s] [%-6.2s]", "abc", "abc");
	SAME("%c%c [%3c] [%-3c]", 'x', 0x80, 'y', 'z');
	SAME("100%% %d%%", 5);

	char unterminated[3] = { 'a', 'b', 'c' }, out[9];
	const char *nothing = NULL;

	format(out, sizeof(out), "%.3s", unterminated);
	CLAIM(!strcmp(out, "abc"));
	format(out, sizeof(out), "%s", nothing);
	CLAIM(!strcmp(out, "(null)"));
}

void test_print(void)
{
	numbers();
	texts();
	kprintf("nobody listens %d\n", 1);
	print_putc = to_console;
	kprintf("hart %d: %s at %p%c", 3, "trap", (void *)0x80000000, '\n');
	console[console_size] = 0;
	CLAIM(!strcmp(console, "hart 3: trap at 0x80000000\n"));
}
