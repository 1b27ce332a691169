// Bytes in hexadecimal and as text, as `hexdump -C` shows them.
#include <string.h>
#include <tool.h>
#include <unistd.h>

TOOL("hexdump", "hexdump [-C] [-n BYTES] [FILE...]");

// The operands are one stream, like cat's.
static char **files;
static int current = -1;
static int status;

static bool next_file(void)
{
	if (current > 0)
		close(current);
	for (current = -1; *files && current < 0; files++) {
		current = open_input(*files);
		if (current < 0)
			status = complain(*files);
	}
	return current >= 0;
}

static size_t fill(unsigned char *line, size_t size)
{
	size_t filled = 0;

	while (filled < size) {
		ssize_t n = read(current, line + filled, size - filled);

		if (n < 0)
			status = complain("read");
		if (n <= 0 && !next_file())
			break;
		filled += n > 0 ? n : 0;
	}
	return filled;
}

static void show(unsigned long at, const unsigned char *line, size_t n)
{
	print("%08lx ", at);
	for (size_t i = 0; i < 16; i++) {
		if (i % 8 == 0)
			putch(' ');
		if (i < n)
			print("%02x ", line[i]);
		else
			print("   ");
	}
	print(" |");
	for (size_t i = 0; i < n; i++)
		putch(line[i] >= ' ' && line[i] < 127 ? line[i] : '.');
	print("|\n");
}

static void dump(unsigned long limit)
{
	unsigned char line[16], last[16];
	unsigned long at = 0;
	bool starred = false;
	size_t n = 0;

	while (at < limit && current >= 0) {
		n = fill(line, limit - at < 16 ? limit - at : 16);
		if (n == 0)
			break;
		// Equal lines are shown once, and a star for the rest.
		if (n == 16 && at > 0 && memcmp(line, last, 16) == 0) {
			if (!starred)
				print("*\n");
			starred = true;
		} else {
			show(at, line, n);
			starred = false;
		}
		memcpy(last, line, 16);
		at += n;
	}
	if (at > 0)
		print("%08lx\n", at);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	unsigned long limit = ~0UL;
	int letter;

	while ((letter = option(&o, argv, "Cn:")) != 0)
		if (letter == 'n')
			limit = need_number(o.arg);
	files = argv + o.next;
	if (o.next == argc)
		current = 0;
	else
		next_file();
	dump(limit);
	return done(status);
}
