// Lines that match a pattern.
#include <string.h>
#include <strings.h>
#include <pattern.h>
#include <tool.h>

TOOL("grep", "grep [-EFivncqloxhH] [-e PATTERN | PATTERN] [FILE...]");

static bool extended, fixed, fold, inverse, numbers, counting, quiet, names,
	only, whole, show_names;
static struct pattern *pattern;
static const char *literal;

static bool find_literal(const char *line, size_t length, size_t *start,
                         size_t *end)
{
	size_t size = strlen(literal);

	for (size_t at = *start; at + size <= length; at++)
		if (fold ? strncasecmp(line + at, literal, size) == 0
		         : memcmp(line + at, literal, size) == 0) {
			*start = at;
			*end = at + size;
			return true;
		}
	return false;
}

static bool find(const char *line, size_t length, size_t *start, size_t *end)
{
	if (fixed)
		return find_literal(line, length, start, end);
	return pattern_find(pattern, line, length, start, end);
}

// -x: the longest match at the start must be all of the line.
static bool matches(const char *line, size_t length)
{
	size_t start = 0, end;

	if (!find(line, length, &start, &end))
		return false;
	return !whole || (start == 0 && end == length);
}

static void show_place(const char *name, unsigned long number)
{
	if (show_names)
		print("%s:", name);
	if (numbers)
		print("%lu:", number);
}

static void show_parts(const char *name, unsigned long number,
                       const char *line, size_t length)
{
	size_t start = 0, end;

	while (start <= length && find(line, length, &start, &end)) {
		if (end > start) {
			show_place(name, number);
			put(line + start, end - start);
			putch('\n');
		}
		start = end > start ? end : end + 1;
	}
}

static void show(const char *name, unsigned long number, const char *line,
                 size_t length)
{
	if (only && !inverse) {
		show_parts(name, number, line, length);
	} else if (!only) {
		show_place(name, number);
		put(line, length);
		putch('\n');
	}
}

// How many lines of the file match.
static unsigned long search(int fd, const char *name)
{
	static struct lines in;
	unsigned long number = 0, found = 0;
	char *line;

	lines_open(&in, fd);
	while ((line = lines_next(&in)) != NULL) {
		number++;
		if (matches(line, in.length) == inverse)
			continue;
		found++;
		if (quiet || names)
			break;
		if (!counting)
			show(name, number, line, in.length);
	}
	lines_close(&in);
	if (names && found)
		print("%s\n", name);
	if (counting && !quiet && !names) {
		if (show_names)
			print("%s:", name);
		print("%lu\n", found);
	}
	return found;
}

static void set_option(int letter)
{
	static const struct {
		char letter;
		bool *flag;
	} flags[] = {
		{ 'E', &extended },
		{ 'F', &fixed },
		{ 'i', &fold },
		{ 'v', &inverse },
		{ 'n', &numbers },
		{ 'c', &counting },
		{ 'q', &quiet },
		{ 'l', &names },
		{ 'o', &only },
		{ 'x', &whole },
		{ 'H', &show_names },
	};

	for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (flags[i].letter == letter)
			*flags[i].flag = true;
}

static void compile(const char *text)
{
	const char *problem;
	char *anchored;

	literal = text;
	if (fixed)
		return;
	anchored = (char *)text;
	pattern = pattern_new(anchored, extended, fold, &problem);
	if (!pattern)
		die(2, "%s: %s", text, problem);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	const char *text = NULL;
	unsigned long found = 0;
	bool hide = false, failed = false;

	for (int letter; (letter = option(&o, argv, "EFivncqloxhHe:s"));) {
		text = letter == 'e' ? o.arg : text;
		hide |= letter == 'h';
		set_option(letter);
	}
	if (!text && !(text = argv[o.next++]))
		misuse();
	compile(text);
	show_names |= argc - o.next > 1 && !hide;
	if (o.next >= argc)
		found = search(0, "(standard input)");
	for (int i = o.next; i < argc; i++) {
		int fd = open_input(argv[i]);

		if (fd < 0)
			failed = complain(argv[i]);
		else
			found += search(fd, argv[i]);
	}
	int status = found == 0;
	return done(failed && !(quiet && found) ? 2 : status);
}
