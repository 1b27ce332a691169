// What survives execve(): descriptors without close-on-exec, process id,
// directory; and what does not.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "again.h"

extern char **environ;

static int second(char **argv)
{
	char here[100];

	printf("kept %ld closed %ld\n", (long)lseek(20, 0, SEEK_CUR),
	       (long)lseek(21, 0, SEEK_CUR));
	printf("same process %d\n", getpid() == atoi(argv[2]));
	printf("directory %s\n", getcwd(here, sizeof here));
	printf("mask %o\n", (unsigned)umask(0));
	return 7;
}

int main(int argc, char **argv)
{
	char pid[20], *args[] = { argv[0], "second", pid, NULL };
	char buffer[30];

	if (argc > 1)
		return second(argv);
	int fd = open(argv[0], O_RDONLY);
	read(fd, buffer, 30);
	dup2(fd, 20);
	dup3(fd, 21, O_CLOEXEC);
	chdir("/dev");
	umask(027);
	snprintf(pid, sizeof pid, "%d", getpid());
	printf("first\n");
	fflush(stdout);
	again(args, environ);
	perror("execve");
	return 1;
}
