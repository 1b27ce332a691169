#include "user.h"

// Whether interrupts are on is not for a program to say.
int main(void)
{
	print("Try to turn interrupts off: "
	      "kernel should kill this application!\n");
	asm volatile("csrw mie, zero");
	print("This is never printed.\n");
	return 0;
}
