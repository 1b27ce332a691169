// Makes empty files, and sets the time of those that are there.
#include <fcntl.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>

TOOL("touch", "touch [-c] FILE...");

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool create = true;
	int status = 0;

	while (option(&o, argv, "c"))
		create = false;
	if (o.next == argc)
		misuse();
	for (int i = o.next; i < argc; i++) {
		if (utimensat(AT_FDCWD, argv[i], NULL, 0) == 0 || !create)
			continue;
		int fd = open(argv[i], O_WRONLY | O_CREAT, 0666);
		if (fd < 0)
			status = complain(argv[i]);
		else
			close(fd);
	}
	return status;
}
