// Lines that match a pattern.
#include <string.h>
#include <strings.h>
#include <pattern.h>
#include <tool.h>

TOOL("grep", "grep [-EFivncqloxhH] [-e PATTERN... | PATTERN] [FILE...]");

static bool extended, fixed, fold, inverse, numbers, counting, quiet, names,
	only, whole, show_names;

// Lines that match any of them are found.
#define MOST 64
static const char *texts[MOST];
static struct pattern *patterns[MOST];
static int count;

static bool find_literal(const char *literal, const char *line, size_t length,
                         size_t *start, size_t *end)
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

// Of all matches the first, and of those the longest.
static bool find(const char *line, size_t length, size_t *start, size_t *end)
{
	bool found = false;
	size_t from = *start;

	for (int i = 0; i < count; i++) {
		size_t at = from, to;

		if (fixed ? !find_literal(texts[i], line, length, &at, &to)
		          : !pattern_find(patterns[i], line, length, &at, &to))
			continue;
		if (!found || at < *start || (at == *start && to > *end)) {
			*start = at;
			*end = to;
		}
		found = true;
	}
	return found;
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

// One pattern a line.
static void add(char *text)
{
	for (char *line = text; line; line = text) {
		text = strchr(line, '\n');
		if (text)
			*text++ = '\0';
		if (count == MOST)
			die(2, "more than %d patterns", MOST);
		texts[count++] = line;
	}
}

static void compile(void)
{
	const char *problem;

	for (int i = 0; i < count && !fixed; i++) {
		patterns[i] = pattern_new(texts[i], extended, fold, &problem);
		if (!patterns[i])
			die(2, "%s: %s", texts[i], problem);
	}
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	unsigned long found = 0;
	bool hide = false, failed = false;

	for (int letter; (letter = option(&o, argv, "EFivncqloxhHe:s"));) {
		if (letter == 'e')
			add((char *)o.arg);
		hide |= letter == 'h';
		set_option(letter);
	}
	if (count == 0) {
		if (o.next == argc)
			misuse();
		add(argv[o.next++]);
	}
	compile();
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
