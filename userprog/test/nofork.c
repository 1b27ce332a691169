// What there is and what there is not where memory cannot be in two places.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("nofork", "nofork");

static void told(const char *what, bool failed)
{
	print("%s: %s\n", what, failed ? strerror(errno) : "done");
}

int main(int argc, char **argv)
{
	char *program[] = { "sh", "-c", "exit 7", NULL };
	int status = 0, fd = open("/tmp/shared", O_RDWR | O_CREAT, 0600);
	pid_t pid = fork();

	(void)argc, (void)argv;
	if (pid == 0)
		_exit(0);
	told("fork", pid < 0);
	if (vfork() == 0) {
		execve("/bin/sh", program, NULL);
		_exit(1);
	}
	wait(&status);
	print("vfork and exec: %d\n", WEXITSTATUS(status));
	told("shared file", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
	                         fd, 0) == MAP_FAILED);
	told("mmap at an address",
	     mmap((void *)0x1000000, 4096, PROT_READ, MAP_PRIVATE |
	          MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
	unlink("/tmp/shared");
	return done(0);
}
