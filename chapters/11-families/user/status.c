// Ends with the status that it is told, or worse.
#include <stdlib.h>
#include <string.h>

static volatile int *volatile nowhere; // NULL

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "crash") == 0)
		*nowhere = 1;
	return argc > 1 ? atoi(argv[1]) : 0;
}
