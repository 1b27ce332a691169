// A C program with newlib: arguments, floats, memory, a file, a status.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	char *copy = strdup(argc > 1 ? argv[1] : "nobody");

	printf("hello, %s: %d arguments, the root of 2 is %d/1000\n", copy,
	       argc - 1, (int)(1000 * 1.41421356));
	free(copy);
	return argc;
}
