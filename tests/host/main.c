// Runs the unit tests that its arguments name, or all of them.
#include "claim.h"
#include "machine/lock.h"
#include "machine/panic.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void test_string(void);
void test_print(void);
void test_heapq(void);
void test_page(void);
void test_heap(void);
void test_fdt(void);
void test_cpio(void);
void test_elf(void);
void test_terminal(void);
void test_walls(void);

static const struct {
	const char *name;
	void (*run)(void);
} units[] = {
	{"string", test_string}, {"print", test_print}, {"heapq", test_heapq},
	{"page", test_page},     {"heap", test_heap},   {"fdt", test_fdt},
	{"cpio", test_cpio},     {"elf", test_elf},
	{"terminal", test_terminal}, {"walls", test_walls},
};

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
	if (panic_expected)
		longjmp(panic_exit, 1);
	printf("unexpected panic: %s\n", panic_text);
	abort();
}

// One thread: the lock is never used.
void lock_check(void)
{
}

bool said(const char *words)
{
	return panic_text[0] && strstr(panic_text, words);
}

// xorshift64*: the same numbers every time.
uint64_t chance(uint64_t below)
{
	static uint64_t state = 20221126;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dul >> 16) % below;
}

static bool wanted(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	unsigned ran = 0;

	for (size_t i = 0; i < COUNT(units); i++) {
		unsigned claims_before = claims, failed_before = failures;

		if (!wanted(argc, argv, units[i].name))
			continue;
		ran++;
		units[i].run();
		printf("%-6s %7u claims, %u not so\n", units[i].name,
		       claims - claims_before, failures - failed_before);
	}
	if (!ran)
		printf("no such unit\n");
	return failures || !ran;
}
