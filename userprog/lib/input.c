// Reading numbers, whole files and lines.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

bool number(const char *text, long *out)
{
	bool negative = *text == '-';
	unsigned long value = 0;

	text += *text == '-' || *text == '+';
	if (!*text)
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (value > (~0UL >> 1) / 10)
			return false;
		value = value * 10 + (*text - '0');
	}
	*out = negative ? -value : value;
	return *text == 0;
}

long need_number(const char *text)
{
	long value;

	if (!number(text, &value))
		misuse();
	return value;
}

// As much as fits, with a 0 behind it; -1 and errno.
ssize_t read_file(const char *path, char *buffer, size_t size)
{
	size_t filled = 0;
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while (n > 0 && filled < size - 1) {
		n = read(fd, buffer + filled, size - 1 - filled);
		if (n > 0)
			filled += n;
	}
	buffer[filled] = 0;
	close(fd);
	return n < 0 ? -1 : (ssize_t)filled;
}

int open_input(const char *path)
{
	if (strcmp(path, "-") == 0)
		return 0;
	return open(path, O_RDONLY | O_CLOEXEC);
}

void lines_open(struct lines *in, int fd)
{
	memset(in, 0, offsetof(struct lines, buffer));
	in->fd = fd;
}

static bool line_add(struct lines *in, const char *text, size_t length)
{
	if (in->length + length + 1 > in->size) {
		size_t size = (in->length + length + 1) * 2;
		char *line = realloc(in->line, size);

		if (!line)
			return false;
		in->line = line;
		in->size = size;
	}
	memcpy(in->line + in->length, text, length);
	in->length += length;
	in->line[in->length] = 0;
	return true;
}

static bool lines_fill(struct lines *in)
{
	ssize_t n;

	do
		n = read(in->fd, in->buffer, sizeof in->buffer);
	while (n < 0 && errno == EINTR);
	in->at = 0;
	in->filled = n > 0 ? n : 0;
	return n > 0;
}

char *lines_next(struct lines *in)
{
	in->length = 0;
	in->ended = false;
	for (;;) {
		char *from = in->buffer + in->at, *end;
		size_t left = in->filled - in->at;

		if (left == 0) {
			if (lines_fill(in))
				continue;
			return in->length > 0 ? in->line : NULL;
		}
		end = memchr(from, '\n', left);
		if (!line_add(in, from, end ? (size_t)(end - from) : left))
			die(1, "out of memory");
		in->at += end ? (size_t)(end - from) + 1 : left;
		if (end) {
			in->ended = true;
			return in->line;
		}
	}
}

void lines_close(struct lines *in)
{
	free(in->line);
	if (in->fd > 2)
		close(in->fd);
}
