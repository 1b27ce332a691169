// Copies files to standard output.
#include <errno.h>
#include <tool.h>
#include <unistd.h>

TOOL("cat", "cat [FILE...]");

// Each piece goes out at once: a reader may wait for it.
static int copy(int fd, const char *name)
{
	static char buffer[4096];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof buffer)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(name);
		put(buffer, n);
		if (!flush())
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	while (option(&o, argv, ""))
		;
	if (o.next == argc)
		status = copy(0, "standard input");
	for (int i = o.next; i < argc; i++) {
		int fd = open_input(argv[i]);

		status |= fd < 0 ? complain(argv[i]) : copy(fd, argv[i]);
		if (fd > 0)
			close(fd);
	}
	return done(status);
}
