#include "user.h"

// The hart's clock, without a call of the kernel.  On 32 bits it comes in two
// halves, and the lower may wrap round between two looks.
static uint64_t now(void)
{
	unsigned long low, high = 0, again = 0;

	do {
		if (sizeof(long) == 4)
			asm volatile("csrr %0, 0xc81" : "=r"(high));
		asm volatile("rdtime %0" : "=r"(low));
		if (sizeof(long) == 4)
			asm volatile("csrr %0, 0xc81" : "=r"(again));
	} while (high != again);
	return sizeof(long) == 4 ? (uint64_t)high << 32 | low : low;
}

// A hart may have no register for it: then the read traps, and the kernel does
// it in the hart's place.
int main(void)
{
	uint64_t first = now();
	long start = milliseconds();

	while (milliseconds() < start + 2)
		;
	print(now() > first ? "the clock went on\n" : "it stands still\n");
	return 0;
}
