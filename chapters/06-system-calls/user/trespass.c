#include "user.h"

// To where the next program would lie: not one's own.
int main(void)
{
	print("Try to write to the neighbour: "
	      "kernel should kill this application!\n");
	*(volatile long *)((uintptr_t)_start + 0x20000) = 0;
	print("This is never printed.\n");
	return 0;
}
