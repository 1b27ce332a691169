// Numbers in a row.
#include <string.h>
#include <tool.h>

TOOL("seq", "seq [-w] [-s SEPARATOR] [FIRST [STEP]] LAST");

static int digits(long value)
{
	char text[24];

	return format(text, sizeof text, "%ld", value);
}

// Negative numbers look like options: only -w, -s and -- are taken for some.
static int options(char **argv, bool *equal, const char **separator)
{
	int next = 1;

	for (; argv[next] && argv[next][0] == '-'; next++) {
		if (strcmp(argv[next], "-w") == 0)
			*equal = true;
		else if (strcmp(argv[next], "-s") == 0 && argv[next + 1])
			*separator = argv[++next];
		else if (strcmp(argv[next], "--help") == 0)
			misuse();
		else
			break;
	}
	return next;
}

int main(int argc, char **argv)
{
	const char *separator = "\n";
	bool equal = false;
	int next = options(argv, &equal, &separator), count = argc - next;

	if (count < 1 || count > 3)
		misuse();
	long last = need_number(argv[argc - 1]);
	long first = count > 1 ? need_number(argv[next]) : 1;
	long step = count > 2 ? need_number(argv[next + 1]) : 1;
	if (step == 0)
		misuse();
	int width = equal ? digits(first) : 0;
	if (equal && digits(last) > width)
		width = digits(last);
	for (long i = first; step > 0 ? i <= last : i >= last; i += step)
		print("%s%0*ld", i == first ? "" : separator, width, i);
	if (step > 0 ? first <= last : first >= last)
		print("\n");
	return done(0);
}
