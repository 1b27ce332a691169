#include "user.h"

// To where memory begins, and that is the kernel's.
int main(void)
{
	print("Into Test store_fault, "
	      "we will insert an invalid store operation...\n"
	      "Kernel should kill this application!\n");
	*(volatile char *)0x80000000 = 0;
	print("This is never printed.\n");
	return 0;
}
