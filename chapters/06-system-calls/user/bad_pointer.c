#include "user.h"

static void report(const char *whose, long result)
{
	print(whose);
	print(result < 0 ? " text: error " : " text: ");
	print_number(result < 0 ? -result : result);
	print("\n");
}

// The kernel copies only from memory that the program has itself.
int main(void)
{
	report("one's own", write("here I am\n", 10));
	report("the kernel's", write((const char *)0x80000000, 10));
	report("the neighbour's", write((const char *)_start + STEP, 10));
	report("half the neighbour's",
	       write((const char *)_start + STEP - 5, 10));
	return 0;
}
