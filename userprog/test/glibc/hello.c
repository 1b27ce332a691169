// A static program of the GNU C library for Linux.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *text = malloc(1000000);
	volatile double two = 2;

	memset(text, 'x', 1000000);
	printf("hello from glibc, argc %d, %s\n", argc,
	       argc > 1 ? argv[1] : "");
	printf("%.10f %c %d\n", sqrt(two), text[999999], getpid() > 0);
	printf("%s %s\n", getenv("PATH") ? "PATH" : "no PATH",
	       access("/dev/null", F_OK) ? strerror(errno) : "/dev/null");
	free(text);
	return 3;
}
