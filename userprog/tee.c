// Copies its input to standard output and to files.
#include <errno.h>
#include <fcntl.h>
#include <tool.h>
#include <unistd.h>

TOOL("tee", "tee [-a] [FILE...]");

#define MOST 32

static int status;

static void write_all(int fd, const char *name, const char *from, ssize_t n)
{
	while (n > 0) {
		ssize_t part = write(fd, from, n);

		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0) {
			status = complain(name);
			return;
		}
		from += part;
		n -= part;
	}
}

int main(int argc, char **argv)
{
	static char buffer[4096];
	struct options o = { 0 };
	int mode = O_TRUNC, fds[MOST], count;
	ssize_t n;

	while (option(&o, argv, "a"))
		mode = O_APPEND;
	count = argc - o.next;
	if (count > MOST)
		misuse();
	for (int i = 0; i < count; i++) {
		fds[i] = open(argv[o.next + i],
		              O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0666);
		if (fds[i] < 0)
			status = complain(argv[o.next + i]);
	}
	while ((n = read(0, buffer, sizeof buffer)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain("standard input");
		write_all(1, "standard output", buffer, n);
		for (int i = 0; i < count; i++)
			if (fds[i] >= 0)
				write_all(fds[i], argv[o.next + i], buffer, n);
	}
	return status;
}
