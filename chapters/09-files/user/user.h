// All that the programs of this chapter know of the world: an entry, and system
// calls by Linux's numbers.
#pragma once
#include <stdint.h>

#define AT_FDCWD (-100)
#define O_DIRECTORY 0200000

int main(void);

static inline long call(long number, long a, long b, long c, long d)
{
	register long a7 asm("a7") = number;
	register long a0 asm("a0") = a;
	register long a1 asm("a1") = b;
	register long a2 asm("a2") = c;
	register long a3 asm("a3") = d;

	asm volatile("ecall"
	             : "+r"(a0)
	             : "r"(a7), "r"(a1), "r"(a2), "r"(a3)
	             : "memory");
	return a0;
}

static inline long openat(long directory, const char *path, long flags)
{
	return call(56, directory, (long)path, flags, 0);
}

static inline long close(long fd)
{
	return call(57, fd, 0, 0, 0);
}

static inline long getdents64(long fd, void *records, long size)
{
	return call(61, fd, (long)records, size, 0);
}

static inline long read(long fd, void *to, long size)
{
	return call(63, fd, (long)to, size, 0);
}

static inline long write(long fd, const void *from, long size)
{
	return call(64, fd, (long)from, size, 0);
}

static inline void exit(int status)
{
	call(93, status, 0, 0, 0);
}

static inline long length(const char *text)
{
	long n = 0;

	while (text[n])
		n++;
	return n;
}

static inline void print(const char *text)
{
	write(1, text, length(text));
}

static inline void print_number(long n)
{
	char digits[20], *p = digits + sizeof digits;

	do
		*--p = '0' + n % 10;
	while (n /= 10);
	write(1, p, digits + sizeof digits - p);
}

// The kernel jumps to the first byte, with a stack and nothing else.
__attribute__((section(".text.entry"))) void _start(void);
void _start(void)
{
	exit(main());
}
