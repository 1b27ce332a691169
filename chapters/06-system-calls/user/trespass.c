#include "user.h"

// All over the stack of the program that was started before: the kernel left in
// tp where it begins, for this show.
int main(void)
{
	volatile long *neighbour;

	asm volatile("mv %0, tp" : "=r"(neighbour));
	print("Try to write to the neighbour: "
	      "kernel should kill this application!\n");
	for (int i = 0; i < 32; i++)
		*--neighbour = 0;
	print("This is never printed.\n");
	return 0;
}
