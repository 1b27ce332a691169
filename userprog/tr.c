// Replaces, removes or squeezes characters.
#include <ctype.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

TOOL("tr", "tr [-cds] SET1 [SET2]   (a-z, [:upper:], \\n ...)");

struct set {
	unsigned char at[512];
	int count;
};

static unsigned char escaped(const char **text)
{
	static const char letters[] = "abfnrtv\\";
	static const char values[] = "\a\b\f\n\r\t\v\\";
	const char *known;
	int value = 0;

	if (**text >= '0' && **text <= '7') {
		for (int i = 0; i < 3 && **text >= '0' && **text <= '7'; i++)
			value = value * 8 + *(*text)++ - '0';
		return value;
	}
	known = strchr(letters, **text);
	value = known && *known ? values[known - letters] : **text;
	(*text)++;
	return value;
}

static unsigned char character(const char **text)
{
	if (**text == '\\' && (*text)[1]) {
		(*text)++;
		return escaped(text);
	}
	return *(*text)++;
}

static void add(struct set *set, unsigned char c)
{
	if (set->count < 512)
		set->at[set->count++] = c;
}

static bool add_class(struct set *set, const char **text)
{
	static const struct {
		const char *name;
		int (*is)(int);
	} classes[] = {
		{ "[:alpha:]", isalpha },
		{ "[:digit:]", isdigit },
		{ "[:alnum:]", isalnum },
		{ "[:space:]", isspace },
		{ "[:upper:]", isupper },
		{ "[:lower:]", islower },
		{ "[:punct:]", ispunct },
		{ "[:blank:]", isblank },
	};

	for (unsigned i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		size_t length = strlen(classes[i].name);

		if (strncmp(*text, classes[i].name, length) != 0)
			continue;
		for (int c = 0; c < 256; c++)
			if (c < 128 && classes[i].is(c))
				add(set, c);
		*text += length;
		return true;
	}
	return false;
}

static void parse(struct set *set, const char *text)
{
	while (*text) {
		if (add_class(set, &text))
			continue;
		unsigned char low = character(&text), high = low;
		if (text[0] == '-' && text[1]) {
			text++;
			high = character(&text);
		}
		if (high < low)
			die(1, "a range is the wrong way round");
		for (int c = low; c <= high; c++)
			add(set, c);
	}
}

static bool member[256];
static unsigned char becomes[256];
static bool squeezed[256];

static void complement(struct set *set)
{
	bool in[256] = { false };

	for (int i = 0; i < set->count; i++)
		in[set->at[i]] = true;
	set->count = 0;
	for (int c = 0; c < 256; c++)
		if (!in[c])
			add(set, c);
}

// A short second set goes on with its last character.
static void prepare(const struct set *from, const struct set *to)
{
	for (int c = 0; c < 256; c++)
		becomes[c] = c;
	for (int i = 0; i < from->count; i++) {
		member[from->at[i]] = true;
		if (to->count > 0)
			becomes[from->at[i]] =
				to->at[i < to->count ? i : to->count - 1];
	}
}

static int convert(bool delete, bool squeeze)
{
	unsigned char buffer[1024];
	int last = -1;
	ssize_t n;

	while ((n = read(0, buffer, sizeof buffer)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			int c = buffer[i];

			if (delete &&member[c])
				continue;
			if (!delete)
				c = becomes[c];
			if (squeeze && squeezed[c] && c == last)
				continue;
			putch(last = c);
		}
		flush();
	}
	return n < 0 ? complain("standard input") : 0;
}

int main(int argc, char **argv)
{
	static struct set from, to;
	struct options o = { 0 };
	bool inverse = false, delete = false, squeeze = false;

	for (int letter; (letter = option(&o, argv, "cCds"));) {
		inverse |= letter == 'c' || letter == 'C';
		delete |= letter == 'd';
		squeeze |= letter == 's';
	}
	int count = argc - o.next;
	if (count < 1 || count > 2 || (count == 1 && !delete &&!squeeze))
		misuse();
	parse(&from, argv[o.next]);
	if (count == 2)
		parse(&to, argv[o.next + 1]);
	if (inverse)
		complement(&from);
	prepare(&from, delete ? &(struct set){ .count = 0 } : &to);
	const struct set *last = count == 2 ? &to : &from;
	for (int i = 0; i < last->count; i++)
		squeezed[last->at[i]] = true;
	return done(convert(delete, squeeze));
}
