// Equal lines that follow each other, once.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tool.h>

TOOL("uniq", "uniq [-cdui] [FILE]");

static bool counting, repeated, single, fold;

static void show(const char *line, unsigned long count)
{
	if ((repeated && count < 2) || (single && count > 1))
		return;
	if (counting)
		print("%7lu ", count);
	print("%s\n", line);
}

int main(int argc, char **argv)
{
	static struct lines in;
	struct options o = { 0 };
	char *line, *last = NULL;
	unsigned long count = 0;

	for (int letter; (letter = option(&o, argv, "cdui"));) {
		counting |= letter == 'c';
		repeated |= letter == 'd';
		single |= letter == 'u';
		fold |= letter == 'i';
	}
	if (argc - o.next > 1)
		misuse();
	int fd = open_input(o.next < argc ? argv[o.next] : "-");
	if (fd < 0)
		return complain(argv[o.next]);
	lines_open(&in, fd);
	while ((line = lines_next(&in)) != NULL) {
		if (last &&
		    (fold ? strcasecmp : strcmp)(line, last) == 0) {
			count++;
			continue;
		}
		if (last)
			show(last, count);
		free(last);
		if (!(last = strdup(line)))
			die(1, "out of memory");
		count = 1;
	}
	if (last)
		show(last, count);
	return done(0);
}
