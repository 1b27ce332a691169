#include "user.h"

// Nobody wakes a program on this floor: it looks at the clock and gives way.
int main(void)
{
	long start = milliseconds();

	print("sleeping for three seconds\n");
	while (milliseconds() < start + 3000)
		yield();
	print("Test sleep OK!\n");
	return 0;
}
