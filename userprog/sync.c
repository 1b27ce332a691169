// What was written is on the disks when it ends: all of it, or that of files.
#include <fcntl.h>
#include <tool.h>
#include <unistd.h>

TOOL("sync", "sync [-d] [FILE...]");

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool data = false;
	int status = 0;

	while (option(&o, argv, "d"))
		data = true;
	if (o.next == argc)
		sync();
	for (int i = o.next; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);

		if (fd < 0 || (data ? fdatasync : fsync)(fd) < 0)
			status = complain(argv[i]);
		if (fd >= 0)
			close(fd);
	}
	return status;
}
