// Lines in order.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tool.h>

TOOL("sort", "sort [-nrufb] [-t CHARACTER] [-k FIELD[,FIELD]] [FILE...]");

static bool numeric, reverse, unique, fold, blanks;
static char separator;
static int first_field, last_field; // from 1; 0: the whole line

static char **all;
static size_t count, room;

// Where a field begins, or the line's end.
static const char *field(const char *line, int number)
{
	while (--number > 0 && *line) {
		if (separator) {
			line += strcspn(line, (char[]){ separator, 0 });
			line += *line != 0;
		} else {
			line += strspn(line, " \t");
			line += strcspn(line, " \t");
		}
	}
	return line;
}

static void key(const char *line, const char **start, size_t *length)
{
	*start = first_field ? field(line, first_field) : line;
	if (blanks || numeric)
		*start += strspn(*start, " \t");
	const char *end = last_field ? field(line, last_field + 1)
	                             : *start + strlen(*start);
	if (last_field && separator && *end && end > *start)
		end--; // without the separator behind it
	*length = end > *start ? end - *start : 0;
}

// A number's sign, whole part and fraction are compared as text: no float, and
// as long as they like.
static int compare_numbers(const char *a, const char *b)
{
	char *end_a, *end_b;
	long x = strtol(a, &end_a, 10), y = strtol(b, &end_b, 10);
	int sign = *a == '-' ? -1 : 1;

	if (x != y)
		return x < y ? -1 : 1;
	if (*end_a != '.' && *end_b != '.')
		return 0;
	const char *f = *end_a == '.' ? end_a + 1 : "";
	const char *g = *end_b == '.' ? end_b + 1 : "";
	for (;; f += *f != 0, g += *g != 0) {
		int p = isdigit((unsigned char)*f) ? *f : 0;
		int q = isdigit((unsigned char)*g) ? *g : 0;

		if (p != q)
			return sign * ((p ? p : '0') - (q ? q : '0'));
		if (!p)
			return 0;
	}
}

static int compare_keys(const char *a, const char *b)
{
	size_t n, m, least;
	int order;

	key(a, &a, &n);
	key(b, &b, &m);
	if (numeric)
		return compare_numbers(a, b);
	least = n < m ? n : m;
	order = fold ? strncasecmp(a, b, least) : memcmp(a, b, least);
	return order ? order : n < m ? -1
	                             : n > m;
}

static int compare(const void *x, const void *y)
{
	const char *a = *(char *const *)x, *b = *(char *const *)y;
	int order = compare_keys(a, b);

	// Lines with equal keys are told apart by all of them.
	if (order == 0 && !unique)
		order = strcmp(a, b);
	return reverse ? -order : order;
}

static void add(const char *line)
{
	if (count == room) {
		room = room ? room * 2 : 64;
		all = realloc(all, room * sizeof *all);
	}
	char *copy = all ? strdup(line) : NULL;
	if (!copy)
		die(2, "out of memory");
	all[count++] = copy;
}

static void read_lines(int fd)
{
	static struct lines in;
	char *line;

	lines_open(&in, fd);
	while ((line = lines_next(&in)) != NULL)
		add(line);
	lines_close(&in);
}

static void set_key(const char *text)
{
	first_field = atoi(text);
	const char *comma = strchr(text, ',');
	last_field = comma ? atoi(comma + 1) : 0;
	if (first_field < 1)
		misuse();
	numeric |= strchr(text, 'n') != NULL;
	reverse |= strchr(text, 'r') != NULL;
}

// A merge sort: equal lines keep their order, and the library's qsort() does
// not promise that.
static void sort(char **lines, char **spare, size_t n)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	sort(lines, spare, half);
	sort(lines + half, spare, n - half);
	while (i < half && j < n)
		spare[k++] = compare(&lines[i], &lines[j]) <= 0 ? lines[i++]
		                                                : lines[j++];
	while (i < half)
		spare[k++] = lines[i++];
	memcpy(lines, spare, k * sizeof *lines);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	for (int letter; (letter = option(&o, argv, "nrufbt:k:"));) {
		numeric |= letter == 'n';
		reverse |= letter == 'r';
		unique |= letter == 'u';
		fold |= letter == 'f';
		blanks |= letter == 'b';
		if (letter == 't')
			separator = *o.arg;
		if (letter == 'k')
			set_key(o.arg);
	}
	for (int i = o.next; i < argc || i == o.next; i++) {
		int fd = open_input(i < argc ? argv[i] : "-");

		if (fd < 0)
			return complain(argv[i]) + 1;
		read_lines(fd);
	}
	sort(all, malloc(count * sizeof *all), count);
	for (size_t i = 0; i < count; i++)
		if (!unique || i == 0 || compare_keys(all[i - 1], all[i]) != 0)
			print("%s\n", all[i]);
	return done(0);
}
