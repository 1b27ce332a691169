// Formatted output, small enough to be used before anything else works.
#include "lib/print.h"
#include "lib/string.h"
#include <stdbool.h>
#include <stdint.h>

#define DIGITS 20 // of the largest number, 2^64 - 1 in decimal

void (*print_putc)(char c);

// Where the text goes: into buf as far as it has room, or to print_putc.
struct sink {
	char *buf;
	size_t size;
	size_t length; // of the text so far, stored or not: the result
	bool console;
};

// A conversion: what stands between % and its letter.
struct spec {
	bool left, zero;
	int width;
	int precision; // -1: none
	int longs;     // 1 or more: 64 bits; -1, -2: h, hh
};

// Every character passes here, so that what does not fit is counted as well.
static void emit(struct sink *sink, char c)
{
	if (sink->console) {
		if (print_putc)
			print_putc(c);
	} else if (sink->length < sink->size) {
		sink->buf[sink->length] = c;
	}
	sink->length++;
}

static void pad(struct sink *sink, char c, int n)
{
	while (n-- > 0)
		emit(sink, c);
}

// Text of a known size in its field.
static void emit_text(struct sink *sink, const struct spec *spec,
                      const char *text, int n)
{
	if (!spec->left)
		pad(sink, ' ', spec->width - n);
	for (int i = 0; i < n; i++)
		emit(sink, text[i]);
	if (spec->left)
		pad(sink, ' ', spec->width - n);
}

// With a precision the text need not end in a NUL: nothing beyond is read.
static void emit_string(struct sink *sink, const struct spec *spec,
                        const char *s)
{
	size_t max = spec->precision < 0 ? INT32_MAX : (size_t)spec->precision;

	if (!s)
		s = "(null)";
	emit_text(sink, spec, s, strnlen(s, max));
}

// A number with its prefix ("-" or "0x"): zeros go between the two.
static void emit_number(struct sink *sink, const struct spec *spec,
                        const char *prefix, uint64_t value, unsigned base)
{
	char digits[DIGITS]; // filled from the end, where the last one goes
	int at = DIGITS, n = strlen(prefix);

	do // once at least, for 0
		digits[--at] = "0123456789abcdef"[value % base];
	while (value /= base);
	n += DIGITS - at;
	if (!spec->left && !spec->zero)
		pad(sink, ' ', spec->width - n);
	while (*prefix)
		emit(sink, *prefix++);
	if (!spec->left && spec->zero)
		pad(sink, '0', spec->width - n);
	while (at < DIGITS)
		emit(sink, digits[at++]);
	if (spec->left)
		pad(sink, ' ', spec->width - n);
}

static int parse_number(const char **fmt)
{
	int n = 0;

	while (**fmt >= '0' && **fmt <= '9')
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

// %[flags][width][.precision][lengths]; what comes next is the letter.
static struct spec parse_spec(const char **fmt)
{
	struct spec spec = { .precision = -1 };

	for (;; (*fmt)++) {
		if (**fmt == '-')
			spec.left = true;
		else if (**fmt == '0')
			spec.zero = true;
		else
			break;
	}
	spec.width = parse_number(fmt);
	if (**fmt == '.') {
		(*fmt)++;
		spec.precision = parse_number(fmt);
	}
	for (;; (*fmt)++) {
		if (**fmt == 'l' || **fmt == 'z')
			spec.longs++;
		else if (**fmt == 'h')
			spec.longs--;
		else
			return spec;
	}
}

// Arguments shorter than int come as int, so hh and h cut them here.
static int64_t signed_argument(const struct spec *spec, va_list *args)
{
	if (spec->longs > 1)
		return va_arg(*args, int64_t);
	if (spec->longs == 1)
		return va_arg(*args, long);

	int value = va_arg(*args, int);

	if (spec->longs == 0)
		return value;
	return spec->longs == -1 ? (short)value : (signed char)value;
}

static uint64_t unsigned_argument(const struct spec *spec, va_list *args)
{
	if (spec->longs > 1)
		return va_arg(*args, uint64_t);
	if (spec->longs == 1)
		return va_arg(*args, unsigned long);

	unsigned value = va_arg(*args, unsigned);

	if (spec->longs == 0)
		return value;
	return spec->longs == -1 ? (uint16_t)value : (uint8_t)value;
}

static void convert(struct sink *sink, const struct spec *spec, char letter,
                    va_list *args)
{
	int64_t n;
	char c;

	switch (letter) {
	case 'c':
		c = va_arg(*args, int);
		emit_text(sink, spec, &c, 1);
		break;
	case 's':
		emit_string(sink, spec, va_arg(*args, const char *));
		break;
	case 'd':
	case 'i':
		n = signed_argument(spec, args);
		// The least number has no positive: negate it as unsigned.
		emit_number(sink, spec, n < 0 ? "-" : "",
		            n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
		break;
	case 'u':
		emit_number(sink, spec, "", unsigned_argument(spec, args), 10);
		break;
	case 'x':
		emit_number(sink, spec, "", unsigned_argument(spec, args), 16);
		break;
	case 'p':
		emit_number(sink, spec, "0x", va_arg(*args, uintptr_t), 16);
		break;
	default: // %% and whatever we do not know stand for themselves
		emit(sink, letter);
	}
}

static void print(struct sink *sink, const char *fmt, va_list *args)
{
	while (*fmt) {
		if (*fmt != '%') {
			emit(sink, *fmt++);
			continue;
		}
		fmt++;

		struct spec spec = parse_spec(&fmt);

		if (*fmt) // else a lone % ends the format
			convert(sink, &spec, *fmt++, args);
	}
}

void vkprintf(const char *fmt, va_list args)
{
	struct sink sink = { .console = true };
	va_list copy; // an argument of type va_list may be an array: no & of it

	va_copy(copy, args);
	print(&sink, fmt, &copy);
	va_end(copy);
}

void kprintf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vkprintf(fmt, args);
	va_end(args);
}

int vformat(char *buf, size_t size, const char *fmt, va_list args)
{
	struct sink sink = { .buf = buf, .size = size };
	va_list copy;

	va_copy(copy, args);
	print(&sink, fmt, &copy);
	va_end(copy);
	if (size) // else there is no room even for the NUL
		buf[sink.length < size ? sink.length : size - 1] = 0;
	return sink.length;
}

int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vformat(buf, size, fmt, args);
	va_end(args);
	return length;
}
