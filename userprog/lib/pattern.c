// Regular expressions.  A pattern becomes a small program, and all its threads
// are run side by side through the text (K. Thompson, "Regular Expression
// Search Algorithm", CACM 11, 1968): no pattern makes it slow.
#include <ctype.h>
#include <pattern.h>
#include <stdlib.h>
#include <string.h>
#include "code.h"

#define MOST 2000 // instructions

static bool parse_choice(struct pattern *p, int depth);

static bool wrong(struct pattern *p, const char *problem)
{
	p->problem = problem;
	return false;
}

static bool insert(struct pattern *p, int place, struct code code)
{
	if (p->count == MOST)
		return wrong(p, "too long");
	memmove(p->code + place + 1, p->code + place,
	        (p->count - place) * sizeof code);
	p->code[place] = code;
	p->count++;
	return true;
}

static bool emit(struct pattern *p, enum op op, int c, int to)
{
	struct code code = { .op = op, .c = c, .to = to };

	return insert(p, p->count, code);
}

// In a basic pattern \( \) \{ \| \+ \? are what ( ) { | + ? are in an extended
// one.  Takes it if it is next.
static bool accept(struct pattern *p, char c)
{
	bool escaped = p->at[0] == '\\';

	if (p->extended ? p->at[0] != c : !escaped || p->at[1] != c)
		return false;
	p->at += p->extended ? 1 : 2;
	return true;
}

static bool next_is(struct pattern *p, char c)
{
	const char *at = p->at;
	bool is = accept(p, c);

	p->at = at;
	return is;
}

static void set_add(unsigned char *set, unsigned char c, bool fold)
{
	set[c / 8] |= 1 << c % 8;
	if (fold && isalpha(c)) {
		c ^= 32;
		set[c / 8] |= 1 << c % 8;
	}
}

// [:name:]; false if there is none by that name.
static bool set_add_class(unsigned char *set, const char *name, size_t length)
{
	static const struct {
		const char *name;
		int (*is)(int);
	} classes[] = {
		{ "alpha", isalpha },
		{ "digit", isdigit },
		{ "alnum", isalnum },
		{ "space", isspace },
		{ "upper", isupper },
		{ "lower", islower },
		{ "punct", ispunct },
		{ "xdigit", isxdigit },
		{ "blank", isblank },
		{ "cntrl", iscntrl },
		{ "print", isprint },
		{ "graph", isgraph },
	};

	for (unsigned i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (strlen(classes[i].name) == length &&
		    strncmp(classes[i].name, name, length) == 0) {
			for (int c = 1; c < 128; c++)
				if (classes[i].is(c))
					set_add(set, c, false);
			return true;
		}
	return false;
}

// One member of [...], a range or a class.
static bool parse_member(struct pattern *p, unsigned char *set)
{
	unsigned char low = *p->at, high = low;
	const char *end = strstr(p->at, ":]");

	if (p->at[0] == '[' && p->at[1] == ':' && end) {
		if (!set_add_class(set, p->at + 2, end - p->at - 2))
			return wrong(p, "unknown class");
		p->at = end + 2;
		return true;
	}
	p->at++;
	if (p->at[0] == '-' && p->at[1] && p->at[1] != ']') {
		high = p->at[1];
		p->at += 2;
	}
	if (high < low)
		return wrong(p, "a range is the wrong way round");
	for (int c = low; c <= high; c++)
		set_add(set, c, p->fold);
	return true;
}

static bool parse_set(struct pattern *p)
{
	unsigned char *set = calloc(1, 32);
	struct code code = { .op = OP_SET, .set = set };
	bool inverse = *p->at == '^';
	const char *first = p->at += inverse;

	if (!set)
		return wrong(p, "out of memory");
	while (*p->at && (*p->at != ']' || p->at == first))
		if (!parse_member(p, set))
			return false;
	if (!*p->at++)
		return wrong(p, "a [ is not closed");
	for (int i = 0; i < 32 && inverse; i++)
		set[i] = ~set[i];
	return insert(p, p->count, code);
}

static bool parse_escape(struct pattern *p)
{
	char c = *p->at++;

	if (!c)
		return wrong(p, "a \\ at the end");
	if (c != 'w' && c != 'W')
		return emit(p, OP_CHAR, c, 0);
	// A word's characters: GNU's, and handy.
	const char *rest = p->at;
	p->at = c == 'w' ? "[:alnum:]_]" : "^[:alnum:]_]";
	bool fine = parse_set(p);
	p->at = rest;
	return fine;
}

static bool parse_atom(struct pattern *p, int depth)
{
	bool first = p->first;
	char c;

	p->first = false;
	if (accept(p, '(')) {
		if (depth > 50)
			return wrong(p, "too deep");
		if (!parse_choice(p, depth + 1))
			return false;
		return accept(p, ')') || wrong(p, "a ( is not closed");
	}
	c = *p->at++;
	switch (c) {
	case '.':
		return emit(p, OP_ANY, 0, 0);
	case '[':
		return parse_set(p);
	case '\\':
		return parse_escape(p);
	case '^':
		// In a basic pattern only where one begins.
		if (p->extended || first)
			return emit(p, OP_START, 0, 0);
		break;
	case '$':
		// In a basic pattern only at the end.
		if (p->extended || !*p->at || next_is(p, ')') ||
		    next_is(p, '|'))
			return emit(p, OP_END, 0, 0);
		break;
	}
	return emit(p, OP_CHAR, c, 0);
}

// The code from a place on once more.
static bool repeat(struct pattern *p, int from, int length)
{
	if (p->count + length > MOST)
		return wrong(p, "too long");
	memcpy(p->code + p->count, p->code + from,
	       length * sizeof p->code[0]);
	p->count += length;
	return true;
}

static bool make_optional(struct pattern *p, int from)
{
	return insert(p, from, (struct code){ .op = OP_SPLIT,
	                                      .to = p->count - from + 1 });
}

static bool make_star(struct pattern *p, int from)
{
	struct code split = { .op = OP_SPLIT, .to = p->count - from + 2 };

	return insert(p, from, split) && emit(p, OP_JUMP, 0, from - p->count);
}

// x{least,most}: x is there once already; most -1 is any number.
static bool make_count(struct pattern *p, int from, int least, int most)
{
	int length = p->count - from;

	if (most == 0 || (most > 0 && most < least))
		return wrong(p, "a count makes no sense");
	for (int i = 1; i < least; i++)
		if (!repeat(p, from, length))
			return false;
	if (most < 0) {
		int last = p->count;

		if (least == 0)
			return make_star(p, from);
		return repeat(p, from, length) && make_star(p, last);
	}
	if (least == 0 && !make_optional(p, from))
		return false;
	for (int i = least ? least : 1; i < most; i++) {
		int last = p->count;

		if (!repeat(p, from + (least == 0), length) ||
		    !make_optional(p, last))
			return false;
	}
	return true;
}

static int parse_number(struct pattern *p, int without)
{
	int n = 0;

	if (!isdigit((unsigned char)*p->at))
		return without;
	while (isdigit((unsigned char)*p->at) && n < 1000)
		n = n * 10 + *p->at++ - '0';
	return n;
}

static bool parse_count(struct pattern *p, int from)
{
	int least = parse_number(p, 0), most = least;

	if (*p->at == ',') {
		p->at++;
		most = parse_number(p, -1);
	}
	if (!accept(p, '}'))
		return wrong(p, "a { is not closed");
	return make_count(p, from, least, most);
}

static bool parse_repeated(struct pattern *p, int depth)
{
	int from = p->count;
	bool fine = parse_atom(p, depth);

	while (fine) {
		if (*p->at == '*') {
			p->at++;
			fine = make_star(p, from);
		} else if (accept(p, '+')) {
			fine = emit(p, OP_SPLIT, 0, 1) &&
			       emit(p, OP_JUMP, 0, from - p->count);
			// split to both: on, and back by the jump
			p->code[p->count - 2].to = 2;
		} else if (accept(p, '?')) {
			fine = make_optional(p, from);
		} else if (accept(p, '{')) {
			fine = parse_count(p, from);
		} else {
			break;
		}
	}
	return fine;
}

static bool parse_choice(struct pattern *p, int depth)
{
	int from = p->count;

	for (;;) {
		// A * at the start is a character in a basic pattern.
		if (*p->at == '*' && !p->extended && *p->at++ &&
		    !emit(p, OP_CHAR, '*', 0))
			return false;
		p->first = true;
		while (*p->at && !next_is(p, '|') &&
		       !(depth > 0 && next_is(p, ')')))
			if (!parse_repeated(p, depth))
				return false;
		if (!accept(p, '|'))
			return true;
		// What there is becomes the first branch; the jump over the
		// second one is set when that is known.
		struct code split = { .op = OP_SPLIT,
			              .to = p->count - from + 2 };
		int jump = p->count + 1;
		if (!insert(p, from, split) || !emit(p, OP_JUMP, 0, 0))
			return false;
		if (!parse_choice(p, depth))
			return false;
		p->code[jump].to = p->count - jump;
		return true;
	}
}

static bool make_room(struct pattern *p)
{
	for (int i = 0; i < 2; i++)
		p->threads[i] = malloc(p->count * sizeof(int));
	p->seen = calloc(p->count, sizeof(int));
	return p->threads[0] && p->threads[1] && p->seen;
}

struct pattern *pattern_new(const char *text, bool extended, bool fold,
                            const char **problem)
{
	struct pattern *p = calloc(1, sizeof *p);

	*problem = "out of memory";
	if (!p || !(p->code = malloc(MOST * sizeof *p->code)))
		return NULL;
	p->at = text;
	p->extended = extended;
	p->fold = fold;
	if (!parse_choice(p, 0) || !emit(p, OP_MATCH, 0, 0)) {
		*problem = p->problem;
		return NULL;
	}
	return make_room(p) ? p : NULL;
}
