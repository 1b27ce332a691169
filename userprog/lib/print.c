// A small printf and a gathered standard output.
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

static char out_buffer[512];
static size_t out_filled;
static bool out_lost;

static bool write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		length -= n;
	}
	return true;
}

bool flush(void)
{
	size_t length = out_filled;

	out_filled = 0; // what cannot be written is not tried again
	if (!write_all(1, out_buffer, length))
		out_lost = true;
	return !out_lost;
}

bool flush_once(void)
{
	bool fine = flush();

	out_lost = false;
	return fine;
}

int done(int status)
{
	if (flush())
		return status;
	complain("write error");
	return status ? status : 1;
}

void put(const char *text, size_t length)
{
	if (length > sizeof out_buffer - out_filled)
		flush();
	if (length > sizeof out_buffer) {
		out_lost |= !write_all(1, text, length);
		return;
	}
	memcpy(out_buffer + out_filled, text, length);
	out_filled += length;
}

void putch(char c)
{
	if (out_filled == sizeof out_buffer)
		flush();
	out_buffer[out_filled++] = c;
}

// Where formatted text goes: a buffer that is handed on when it is full, or,
// without a file descriptor, is cut (and still counted).
struct sink {
	char *to;
	size_t size, filled, total;
	int fd;
};

static void sink_put(struct sink *s, const char *text, size_t length)
{
	s->total += length;
	if (s->fd == 1) {
		put(text, length);
		return;
	}
	if (s->fd == 2 && length > s->size - s->filled) {
		write_all(2, s->to, s->filled);
		s->filled = 0;
	}
	if (length > s->size - s->filled)
		length = s->size - s->filled;
	memcpy(s->to + s->filled, text, length);
	s->filled += length;
}

static void sink_fill(struct sink *s, char c, int count)
{
	while (count-- > 0)
		sink_put(s, &c, 1);
}

// One conversion: what stands between % and its letter.
struct spec {
	bool left, zero, big;
	int width, precision;
};

static void sink_field(struct sink *s, const struct spec *spec,
                       const char *text, int length)
{
	int fill = spec->width - length;

	if (spec->zero && !spec->left && *text == '-') {
		sink_put(s, text++, 1);
		length--;
	}
	if (!spec->left)
		sink_fill(s, spec->zero ? '0' : ' ', fill);
	sink_put(s, text, length);
	if (spec->left)
		sink_fill(s, ' ', fill);
}

static void sink_number(struct sink *s, const struct spec *spec,
                        unsigned long value, unsigned base, bool negative)
{
	char digits[24], *at = digits + sizeof digits;

	do
		*--at = "0123456789abcdef"[value % base];
	while (value /= base);
	if (negative)
		*--at = '-';
	sink_field(s, spec, at, digits + sizeof digits - at);
}

// A decimal number, or * for one from the arguments; -1 if there is neither.
static const char *parse_count(const char *f, int *count, va_list *args)
{
	*count = -1;
	if (*f == '*') {
		*count = va_arg(*args, int);
		return f + 1;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		*count = (*count < 0 ? 0 : *count * 10) + *f - '0';
	return f;
}

static const char *parse_spec(const char *f, struct spec *spec, va_list *args)
{
	*spec = (struct spec){ .precision = -1 };
	for (; *f == '-' || *f == '0'; f++)
		*(*f == '-' ? &spec->left : &spec->zero) = true;
	f = parse_count(f, &spec->width, args);
	if (*f == '.')
		f = parse_count(f + 1, &spec->precision, args);
	for (; *f == 'l' || *f == 'z'; f++)
		spec->big = true;
	return f;
}

static void sink_string(struct sink *s, const struct spec *spec,
                        const char *text)
{
	size_t limit = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;

	sink_field(s, spec, text, strnlen(text, limit));
}

static void sink_signed(struct sink *s, const struct spec *spec, long value)
{
	unsigned long size =
		value < 0 ? -(unsigned long)value : (unsigned long)value;

	sink_number(s, spec, size, 10, value < 0);
}

static void sink_conversion(struct sink *s, const struct spec *spec, char kind,
                            va_list *args)
{
	char c;

	switch (kind) {
	case 's':
		sink_string(s, spec, va_arg(*args, const char *));
		break;
	case 'c':
		c = va_arg(*args, int);
		sink_field(s, spec, &c, 1);
		break;
	case 'd':
		sink_signed(s, spec,
		            spec->big ? va_arg(*args, long)
		                      : va_arg(*args, int));
		break;
	case 'u':
	case 'x':
	case 'o':
		sink_number(s, spec,
		            spec->big ? va_arg(*args, unsigned long)
		                      : va_arg(*args, unsigned),
		            kind == 'x'   ? 16
		            : kind == 'o' ? 8
		                          : 10,
		            false);
		break;
	default: // %%
		sink_put(s, &kind, 1);
	}
}

static void sink_format(struct sink *s, const char *f, va_list *args)
{
	struct spec spec;

	for (; *f; f++) {
		const char *plain = f;

		while (*f && *f != '%')
			f++;
		sink_put(s, plain, f - plain);
		if (!*f)
			return;
		f = parse_spec(f + 1, &spec, args);
		sink_conversion(s, &spec, *f, args);
	}
}

void print(const char *format, ...)
{
	struct sink s = { .fd = 1 };
	va_list args;

	va_start(args, format);
	sink_format(&s, format, &args);
	va_end(args);
}

int format_args(char *to, size_t size, const char *format, va_list args)
{
	struct sink s = { .to = to, .size = size - 1, .fd = -1 };
	va_list copy; // of a parameter no address can be taken portably

	va_copy(copy, args);
	sink_format(&s, format, &copy);
	va_end(copy);
	to[s.filled] = 0;
	return s.total;
}

int format(char *to, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int total = format_args(to, size, format, args);
	va_end(args);
	return total;
}

static void message_args(const char *format, va_list *args)
{
	char line[128]; // most messages fit: one write, one line
	struct sink s = { .to = line, .size = sizeof line, .fd = 2 };

	flush();
	sink_format(&s, format, args);
	write_all(2, line, s.filled);
}

void message(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_args(format, &args);
	va_end(args);
}

void die(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("%s: ", tool_name);
	message_args(format, &args);
	message("\n");
	va_end(args);
	_exit(status);
}

int complain(const char *what)
{
	message("%s: %s: %s\n", tool_name, what, strerror(errno));
	return 1;
}
