// setjmp and longjmp: over many frames, with saved registers, floats too.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include "floats.h"

static jmp_buf place;

static void descend(int depth)
{
	volatile char frame[500];

	frame[0] = depth;
	if (depth < 0)
		return;
	if (depth == 0)
		longjmp(place, 17);
	descend(depth - 1);
	frame[1] = frame[0];
}

static void at_end(void)
{
	printf("at the end\n");
}

static void first(void) __attribute__((constructor));
static void first(void)
{
	printf("before main\n");
}

int main(void)
{
	double d = 1.25, e;
	long a = 11, b = 22;
	int result;
	static int rounds; // not in a register: those are jumped over

	atexit(at_end);
	e = d * 2;
	result = setjmp(place);
	if (result == 0)
		descend(100);
	printf("result %d kept %ld %ld %.2f %.2f\n", result, a, b, d, e);
	result = setjmp(place);
	if (++rounds < 1000)
		longjmp(place, rounds);
	printf("rounds %d last %d\n", rounds, result);
	if (setjmp(place) == 0)
		longjmp(place, 0);
	else
		printf("0 becomes 1\n");
	exit(3);
}
