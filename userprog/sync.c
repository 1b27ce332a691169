// Everything that was written is on the disks when it ends.
#include <tool.h>
#include <unistd.h>

TOOL("sync", "sync");

int main(int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		misuse();
	sync();
	return 0;
}
