// Counts lines, words and bytes.
#include <tool.h>
#include <unistd.h>

TOOL("wc", "wc [-lwc] [FILE...]");

struct counts {
	unsigned long lines, words, bytes;
};

static bool count(int fd, struct counts *c)
{
	char buffer[1024];
	bool inside = false;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof buffer)) > 0) {
		c->bytes += n;
		for (ssize_t i = 0; i < n; i++) {
			char ch = buffer[i];
			bool space = ch == ' ' || (ch >= '\t' && ch <= '\r');

			c->lines += ch == '\n';
			c->words += !space && !inside;
			inside = !space;
		}
	}
	return n == 0;
}

static bool show_lines, show_words, show_bytes;

static void show(const struct counts *c, const char *name)
{
	// One number alone stands without padding, for scripts.
	int width = show_lines + show_words + show_bytes > 1 ? 7 : 1;
	const char *gap = "";

	if (show_lines) {
		print("%*lu", width, c->lines);
		gap = " ";
	}
	if (show_words) {
		print("%s%*lu", gap, width, c->words);
		gap = " ";
	}
	if (show_bytes)
		print("%s%*lu", gap, width, c->bytes);
	print(*name ? " %s\n" : "%s\n", name);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct counts sum = { 0 };
	int letter, status = 0;

	while ((letter = option(&o, argv, "lwc")) != 0)
		*(letter == 'l'   ? &show_lines
		  : letter == 'w' ? &show_words
		                  : &show_bytes) = true;
	if (!show_lines && !show_words && !show_bytes)
		show_lines = show_words = show_bytes = true;
	for (int i = o.next; i < argc || i == o.next; i++) {
		const char *name = i < argc ? argv[i] : "-";
		int fd = open_input(name);
		struct counts c = { 0 };

		if (fd < 0 || !count(fd, &c)) {
			status = complain(name);
			continue;
		}
		show(&c, i < argc ? name : "");
		sum.lines += c.lines;
		sum.words += c.words;
		sum.bytes += c.bytes;
		if (fd > 0)
			close(fd);
	}
	if (argc - o.next > 1)
		show(&sum, "total");
	return done(status);
}
