// The first lines, or bytes, of files.
#include <tool.h>
#include <unistd.h>

TOOL("head", "head [-n LINES | -LINES | -c BYTES] [FILE...]");

static long lines = 10, bytes = -1;

// How much of a piece still belongs to the head; counts down what is left.
static ssize_t wanted(const char *piece, ssize_t n, long *left)
{
	ssize_t i;

	if (bytes >= 0) {
		n = n < *left ? n : *left;
		*left -= n;
		return n;
	}
	for (i = 0; i<n && * left> 0; i++)
		*left -= piece[i] == '\n';
	return i;
}

static int head(int fd, const char *name)
{
	long left = bytes >= 0 ? bytes : lines;
	char buffer[1024];

	while (left > 0) {
		ssize_t n = read(fd, buffer, sizeof buffer);

		if (n < 0)
			return complain(name);
		if (n == 0)
			break;
		ssize_t take = wanted(buffer, n, &left);
		put(buffer, take);
		// What the next reader of a file should see was not read.
		if (take < n)
			lseek(fd, take - n, SEEK_CUR);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int letter, status = 0;

	while ((letter = option(&o, argv, "n:c:#")) != 0)
		*(letter == 'c' ? &bytes : &lines) = need_number(o.arg);
	if (o.next == argc)
		status = head(0, "standard input");
	for (int i = o.next; i < argc; i++) {
		int fd = open_input(argv[i]);

		if (argc - o.next > 1)
			print("%s==> %s <==\n", i > o.next ? "\n" : "",
			      argv[i]);
		status |= fd < 0 ? complain(argv[i]) : head(fd, argv[i]);
		if (fd > 0)
			close(fd);
	}
	return done(status);
}
