// Takes away what is mounted on a directory, once all of it is written.
#include <errno.h>
#include <tool.h>

TOOL("umount", "umount DIRECTORY");

#define SYS_umount2 39

long raw_syscall(long number, ...);

int main(int argc, char **argv)
{
	long err;

	if (argc != 2)
		misuse();
	err = raw_syscall(SYS_umount2, argv[1], 0);
	if (err == 0)
		return 0;
	errno = -err;
	return complain(argv[1]);
}
