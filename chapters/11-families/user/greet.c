// Says hello from a process of its own.
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	printf("hello from a %s of process %d\n", argc > 1 ? argv[1] : "?",
	       getppid());
	return 0;
}
