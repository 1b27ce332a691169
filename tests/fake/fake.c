// A guest for the tests of tools/run alone: it speaks the paced protocol, has
// a type-ahead of 4 KiB like the real console, and runs a few command lines.
// Like a real one it loses whatever arrives before its UART is set up.
#include <stdbool.h>
#include <stdint.h>

#define UART ((volatile uint8_t *)0x10000000)
#define EXIT (*(volatile uint32_t *)0x100000)
#define ROOM 4096

static char ring[ROOM], line[65536];
static unsigned head, tail, dropped, sum;
static bool paced;

void start(long hart, char *tree);
asm(".section .text.start\n la sp, top\n j start\n"
    ".bss\n .space 8192\n top:\n .text");

static void put(char c)
{
	UART[0] = c;
}

static void print(const char *s)
{
	while (*s)
		put(*s++);
}

static void number(unsigned n)
{
	if (n >= 10)
		number(n / 10);
	put('0' + n % 10);
}

// Moves what has arrived into the type-ahead.
static void pump(void)
{
	while (UART[5] & 1) {
		char c = UART[0];
		if (head - tail < ROOM)
			ring[head++ % ROOM] = c;
		else
			dropped++;
	}
}

static void report(bool waiting)
{
	if (!paced)
		return;
	print("\033]7001;");
	number(tail);
	print(waiting ? ";1\a" : ";0\a");
}

static char take(void)
{
	if (head == tail)
		report(true);
	while (head == tail)
		pump();
	return ring[tail++ % ROOM];
}

static bool take_line(void)
{
	unsigned n = 0;
	for (char c = take(); c != '\n'; c = take()) {
		if (c == 4 && n == 0)
			return false;
		if (c == 4)
			break;
		line[n++] = c;
	}
	line[n] = 0;
	return true;
}

static void off(unsigned status)
{
	EXIT = status ? status << 16 | 0x3333 : 0x5555;
	for (;;)
		;
}

static bool starts(const char *s, const char *with)
{
	while (*with)
		if (*s++ != *with++)
			return false;
	return true;
}

static void slowly(const char *s)
{
	for (; *s; s++) {
		put(*s);
		for (volatile int i = 0; i < 1000000; i++)
			;
	}
}

static void execute(const char *s)
{
	if (starts(s, "exit "))
		off((s[5] - '0') * 10 + s[6] - '0');
	else if (starts(s, "panic"))
		off(125);
	else if (starts(s, "hang"))
		for (;;)
			;
	else if (starts(s, "busy"))
		for (volatile int i = 0; i < 3000000; i++)
			pump();
	else if (starts(s, "split"))
		slowly("a\033]7001;1\a\033]7002;0\a\r\r\nb\033]7001;0;0\ac\r\n");
	else if (starts(s, "count"))
		while (take_line())
			for (const char *c = line; *c; c++)
				sum = sum * 31 + *c;
	else
		print(s), print("\r\n");
}

static void boot_arguments(const char *tree)
{
	for (const char *s = tree; s < tree + 8192; s++)
		if (starts(s, "paced"))
			paced = true;
		else if (starts(s, "cmd=")) {
			execute(s + 4);
			off(0);
		}
}

void start(long hart, char *tree)
{
	(void)hart;
	for (volatile int i = 0; i < 30000000; i++)
		;
	UART[2] = 7; // FIFOs on, and emptied: earlier input is lost
	print("fake\r\n");
	boot_arguments(tree);
	while (take_line())
		execute(line);
	print("dropped ");
	number(dropped);
	print(" sum ");
	number(sum);
	print("\r\n");
	off(0);
}
