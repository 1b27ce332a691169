// Sleeps: so that many stock programs can be alive at once.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// By hand: libgloss has a nanosleep() that spins.
static long kernel_nanosleep(const struct timespec *time)
{
	register long a7 __asm__("a7") = 101;
	register long a0 __asm__("a0") = (long)time;
	register long a1 __asm__("a1") = 0;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1) : "memory");
	return a0;
}

int main(int argc, char **argv)
{
	struct timespec time = { argc > 1 ? atoi(argv[1]) : 100000, 0 };

	return kernel_nanosleep(&time) != 0;
}
