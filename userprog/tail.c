// The last lines, or bytes, of files.
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

TOOL("tail", "tail [-n [+]LINES | -LINES | -c [+]BYTES] [FILE...]");

static long count = 10;
static bool bytes, from_start; // +N: from the Nth on

static char *text;
static size_t length, room;

static bool read_all(int fd)
{
	ssize_t n;

	length = 0;
	for (;;) {
		if (length == room) {
			room = room ? room * 2 : 4096;
			text = realloc(text, room);
			if (!text)
				die(1, "out of memory");
		}
		n = read(fd, text + length, room - length);
		if (n <= 0)
			return n == 0;
		length += n;
		// Of a long stream only what may be shown is kept.
		if (bytes && !from_start && length > (size_t)count + 65536) {
			memmove(text, text + length - count, count);
			length = count;
		}
	}
}

// Where the last so many lines begin.
static size_t last_lines(void)
{
	size_t at = length;
	long left = count;

	if (count == 0)
		return length;
	if (at > 0 && text[at - 1] == '\n')
		at--;
	for (; at > 0; at--)
		if (text[at - 1] == '\n' && --left == 0)
			break;
	return at;
}

static size_t from_line(void)
{
	size_t at = 0;

	for (long line = 1; line < count && at < length; at++)
		line += text[at] == '\n';
	return at;
}

static size_t start(void)
{
	if (!bytes)
		return from_start ? from_line() : last_lines();
	if (from_start)
		return count <= 1 ? 0 : (size_t)count - 1;
	return length > (size_t)count ? length - count : 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	for (int letter; (letter = option(&o, argv, "n:c:#"));) {
		bytes = letter == 'c';
		from_start = *o.arg == '+';
		count = labs(need_number(o.arg));
	}
	for (int i = o.next; i < argc || i == o.next; i++) {
		const char *name = i < argc ? argv[i] : "-";
		int fd = open_input(name);

		if (fd < 0 || !read_all(fd)) {
			status = complain(name);
			continue;
		}
		if (argc - o.next > 1)
			print("%s==> %s <==\n", i > o.next ? "\n" : "", name);
		if (start() < length)
			put(text + start(), length - start());
		if (fd > 0)
			close(fd);
	}
	return done(status);
}
