#include "user.h"

// The kernel copies only from memory that the program has itself.
int main(void)
{
	long own = write("one's own text goes out\n", 24);
	long kernel = write((const char *)0x80000000, 24);

	print("one's own text: ");
	print_number(own);
	print(", the kernel's: error ");
	print_number(-kernel);
	print("\n");
	return kernel == -14 ? 0 : 1;
}
