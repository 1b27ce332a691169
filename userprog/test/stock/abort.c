// Gives up, with something still in a buffer that nobody writes.  libgloss
// sends no signals: newlib then ends with status 1.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	printf("before\n");
	fflush(stdout);
	printf("never seen");
	abort();
}
