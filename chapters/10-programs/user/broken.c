// Not a program at all by the time it runs: the scene asks for a file that is
// none, and for one that is not there, and tells what execve() says.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	static char *const nothing[] = { NULL };

	execve("/none", nothing, nothing);
	printf("execve of what is not there: errno %d is ENOENT %d\n", errno,
	       ENOENT);
	execve("/", nothing, nothing);
	printf("execve of a directory: errno %d is EACCES %d\n", errno, EACCES);
	execve("/dev/null", nothing, nothing);
	printf("execve of a device: errno %d is EACCES %d\n", errno, EACCES);
	return 0;
}
