// Columns or fields of lines.
#include <stdlib.h>
#include <string.h>
#include <tool.h>

TOOL("cut", "cut -f LIST [-d CHARACTER] [-s] | -c LIST  [FILE...]");

// Ranges like 1,3-5,7-; numbers count from 1.
#define MOST 32
static struct {
	long first, last;
} ranges[MOST];
static int range_count;
static char separator = '\t';
static bool fields, only_separated;

static void parse_list(const char *text)
{
	char *end;

	while (*text && range_count < MOST) {
		long first = strtol(text, &end, 10), last = first;

		if (end == text && *text != '-')
			misuse();
		if (*end == '-') {
			first = end == text ? 1 : first;
			text = end + 1;
			last = strtol(text, &end, 10);
			if (end == text)
				last = 1L << 60;
		}
		ranges[range_count].first = first;
		ranges[range_count++].last = last;
		text = end + (*end == ',');
		if (first < 1 || (*end && *end != ','))
			misuse();
	}
}

static bool selected(long number)
{
	for (int i = 0; i < range_count; i++)
		if (number >= ranges[i].first && number <= ranges[i].last)
			return true;
	return false;
}

static void cut_columns(const char *line)
{
	for (long i = 1; *line; i++, line++)
		if (selected(i))
			putch(*line);
	putch('\n');
}

static void cut_fields(const char *line)
{
	bool shown = false;

	if (!strchr(line, separator)) {
		if (!only_separated)
			print("%s\n", line);
		return;
	}
	for (long i = 1;; i++) {
		size_t length = strcspn(line, (char[]){ separator, 0 });

		if (selected(i)) {
			if (shown)
				putch(separator);
			put(line, length);
			shown = true;
		}
		if (!line[length])
			break;
		line += length + 1;
	}
	putch('\n');
}

static void cut(int fd)
{
	static struct lines in;
	char *line;

	lines_open(&in, fd);
	while ((line = lines_next(&in)) != NULL)
		(fields ? cut_fields : cut_columns)(line);
	lines_close(&in);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	for (int letter; (letter = option(&o, argv, "f:c:b:d:s"));) {
		if (letter == 'd')
			separator = *o.arg;
		else if (letter == 's')
			only_separated = true;
		else
			parse_list(o.arg);
		fields |= letter == 'f';
	}
	if (range_count == 0)
		misuse();
	for (int i = o.next; i < argc || i == o.next; i++) {
		int fd = open_input(i < argc ? argv[i] : "-");

		if (fd < 0)
			status = complain(argv[i]);
		else
			cut(fd);
	}
	return done(status);
}
