// Mounts a disk; without arguments, tells what is mounted.
#include <errno.h>
#include <stdio.h>
#include <tool.h>

TOOL("mount", "mount [-r] [DISK DIRECTORY]");

#define SYS_mount 40
#define MS_RDONLY 1

long raw_syscall(long number, ...);

static int tell(void)
{
	FILE *file = fopen("/proc/mounts", "r");
	int c;

	if (file == NULL)
		return complain("/proc/mounts");
	while ((c = getc(file)) != EOF)
		putchar(c);
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	long flags = 0, err;

	while (option(&o, argv, "r"))
		flags = MS_RDONLY;
	if (o.next == argc)
		return tell();
	if (o.next + 2 != argc)
		misuse();
	err = raw_syscall(SYS_mount, argv[o.next], argv[o.next + 1], "ext3",
	                  flags, 0);
	if (err == 0)
		return 0;
	errno = -err;
	return complain(argv[o.next]);
}
