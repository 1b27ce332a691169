// All that the programs of this chapter know of the world: an entry, four
// system calls by Linux's numbers, and a way to print.
#pragma once
#include <stdint.h>

#define STEP 4096                // bytes from one program to the next

int main(void);

static inline long call(long number, long a, long b, long c)
{
	register long a7 asm("a7") = number;
	register long a0 asm("a0") = a;
	register long a1 asm("a1") = b;
	register long a2 asm("a2") = c;

	asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}

static inline long write(const void *text, long size)
{
	return call(64, 1, (long)text, size);
}

static inline void exit(int status)
{
	call(93, status, 0, 0);
}

static inline void yield(void)
{
	call(124, 0, 0, 0);
}

static inline long milliseconds(void)
{
	uint64_t time[2];

	call(113, 1, (long)time, 0);
	return time[0] * 1000 + time[1] / 1000000;
}

static inline void print(const char *text)
{
	long size = 0;

	while (text[size])
		size++;
	write(text, size);
}

static inline void print_number(long n)
{
	char digits[20], *p = digits + sizeof digits;

	do
		*--p = '0' + n % 10;
	while (n /= 10);
	write(p, digits + sizeof digits - p);
}

// The kernel jumps to the first byte, with a stack and nothing else.
__attribute__((section(".text.entry"))) void _start(void);
void _start(void)
{
	exit(main());
}
