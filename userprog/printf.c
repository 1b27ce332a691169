// Prints its arguments by a format, as the C function would.
#include <stdlib.h>
#include <string.h>
#include <tool.h>

TOOL("printf", "printf FORMAT [ARGUMENT...]   (%s %d %u %x %o %c %b, \\n)");

static int status;
static bool stopped; // by \c

// One escape behind a backslash; octal ones have up to three digits.
static const char *put_escape(const char *at)
{
	static const char letters[] = "abfnrtv\\";
	static const char values[] = "\a\b\f\n\r\t\v\\";
	const char *known = *at ? strchr(letters, *at) : NULL;
	int value = 0;

	if (*at == 'c') {
		stopped = true;
		return at + strlen(at);
	}
	if (*at >= '0' && *at <= '7') {
		for (int i = 0; i < 3 && *at >= '0' && *at <= '7'; i++)
			value = value * 8 + *at++ - '0';
		putch(value);
		return at;
	}
	if (known) {
		putch(values[known - letters]);
		return at + 1;
	}
	putch('\\');
	return at;
}

static void put_escaped(const char *text)
{
	while (*text && !stopped)
		if (*text == '\\')
			text = put_escape(text + 1);
		else
			putch(*text++);
}

// A number, or 'c for the value of a character.
static long numeric(const char *text)
{
	char *end;

	if (*text == '\'' || *text == '"')
		return (unsigned char)text[1];
	long value = *text == '-' ? strtol(text, &end, 0)
	                          : (long)strtoul(text, &end, 0);
	if (*end || end == text) {
		if (*text)
			message("printf: %s: not a number\n", text);
		status = *text ? 1 : status;
	}
	return value;
}

// What print() knows: flags, width and precision are handed on, with an l.
static void put_number(const char *spec, int length, char kind,
                       const char *text)
{
	char form[32];
	long value = numeric(text);

	format(form, sizeof form, "%.*sl%c", length, spec, kind);
	// The compiler cannot check this one: it was put together from parts
	// that were.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	print(form, value);
}

static void put_text(const char *spec, int length, const char *text)
{
	char form[32];

	format(form, sizeof form, "%.*ss", length, spec);
	print(form, text);
#pragma GCC diagnostic pop
}

// One conversion; returns behind it, and takes an argument if there is one.
static const char *convert(const char *spec, char ***args)
{
	int length = 1 + strspn(spec + 1, "-0.123456789");
	char kind = spec[length];
	const char *text = **args ? **args : "";

	if (kind == '%') {
		putch('%');
		return spec + length + 1;
	}
	if (!kind || !strchr("sdiuxocb", kind) || length > 20)
		die(1, "%.*s: not known", length + 1, spec);
	*args += **args != NULL;
	if (kind == 'b')
		put_escaped(text);
	else if (kind == 's')
		put_text(spec, length, text);
	else if (kind == 'c')
		put(text, *text != 0);
	else
		put_number(spec, length, kind == 'i' ? 'd' : kind, text);
	return spec + length + 1;
}

static void put_format(const char *at, char ***args)
{
	while (*at && !stopped)
		if (*at == '\\')
			at = put_escape(at + 1);
		else if (*at == '%')
			at = convert(at, args);
		else
			putch(*at++);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		misuse();
	char **args = argv + 2, **before;
	// The format is used again as long as it takes arguments.
	do {
		before = args;
		put_format(argv[1], &args);
	} while (*args && args != before && !stopped);
	return done(status);
}
