// Waits for the console and for a pipe at once, and says which came.
//	awaited LINES
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int take(int fd, const char *name)
{
	char text[200];
	ssize_t n = read(fd, text, sizeof text);

	if (n > 0 && text[n - 1] == '\n')
		n--;
	printf("%s <%.*s>\n", name, n < 0 ? 0 : (int)n, text);
	fflush(stdout);
	return n;
}

int main(int argc, char **argv)
{
	int lines = argc > 1 ? atoi(argv[1]) : 1, ends[2];
	struct pollfd fds[2] = { { .fd = 0, .events = POLLIN },
		                 { .events = POLLIN } };

	pipe(ends);
	fds[1].fd = ends[0];
	printf("ready\n");
	fflush(stdout);
	while (lines > 0 && poll(fds, 2, -1) > 0) {
		if (fds[0].revents) {
			lines--;
			if (take(0, "console") <= 0)
				return 0;
			write(ends[1], "echo", 4);
		}
		if (fds[1].revents)
			take(ends[0], "pipe");
	}
	return 0;
}
