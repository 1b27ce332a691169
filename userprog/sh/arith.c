#include "arith.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include "arena.h"
#include "shell.h"
#include "var.h"

// The text still to be read.  A branch that C would not evaluate is still read,
// but must not divide, assign or complain: that is what `skip` counts.
struct arith {
	const char *at;
	int skip, depth;
};

static long arith_assign(struct arith *a);

// The operators by strength, the weakest first.
static const char *const levels[][5] = {
	{ "||" },
	{ "&&" },
	{ "|" },
	{ "^" },
	{ "&" },
	{ "==", "!=" },
	{ "<=", ">=", "<", ">" },
	{ "<<", ">>" },
	{ "+", "-" },
	{ "*", "/", "%" },
};
#define LEVELS (int)(sizeof levels / sizeof levels[0])

static void skip_blanks(struct arith *a)
{
	a->at += strspn(a->at, " \t\n\r");
}

static long arith_fail(struct arith *a, const char *what)
{
	if (sh.unwind == UNWIND_NONE)
		fail(2, "arithmetic: %s", what);
	a->at += strlen(a->at);
	return 0;
}

static bool accept_text(struct arith *a, const char *text)
{
	size_t n = strlen(text);

	skip_blanks(a);
	if (strncmp(a->at, text, n) != 0)
		return false;
	a->at += n;
	return true;
}

static size_t name_length(const char *at)
{
	size_t n = 0;

	if (isalpha((unsigned char)*at) || *at == '_')
		while (isalnum((unsigned char)at[n]) || at[n] == '_')
			n++;
	return n;
}

static long variable(struct arith *a, const char *name, size_t length)
{
	const char *value = var_get_n(name, length);
	char *end;

	if (!value || !*value)
		return 0;
	long number = strtol(value, &end, 0);
	if (*end && !a->skip)
		return arith_fail(a, "a variable is not a number");
	return number;
}

static long arith_primary(struct arith *a)
{
	size_t length;
	char *end;
	long value;

	skip_blanks(a);
	if (accept_text(a, "(")) {
		value = arith_assign(a);
		if (!accept_text(a, ")"))
			return arith_fail(a, "a ( is not closed");
		return value;
	}
	if (isdigit((unsigned char)*a->at)) {
		value = strtoul(a->at, &end, 0);
		a->at = end;
		return value;
	}
	length = name_length(a->at);
	if (length == 0)
		return arith_fail(a, "a number is missing");
	a->at += length;
	return variable(a, a->at - length, length);
}

static long arith_unary(struct arith *a)
{
	long value;

	// Each level costs stack: what people write is not this deep.
	if (++a->depth > 200)
		return arith_fail(a, "too deep");
	if (accept_text(a, "-"))
		value = -(unsigned long)arith_unary(a);
	else if (accept_text(a, "+"))
		value = arith_unary(a);
	else if (accept_text(a, "!"))
		value = !arith_unary(a);
	else if (accept_text(a, "~"))
		value = ~arith_unary(a);
	else
		value = arith_primary(a);
	a->depth--;
	return value;
}

static long divide(struct arith *a, long x, char op, long y)
{
	if (a->skip)
		return 0;
	if (y == 0)
		return arith_fail(a, "division by zero");
	// The one quotient that does not fit: -LONG_MIN.
	if (y == -1)
		return op == '/' ? (long)-(unsigned long)x : 0;
	return op == '/' ? x / y : x % y;
}

static long apply(struct arith *a, long x, const char *op, long y)
{
	bool twice = op[1] == op[0], equal = op[1] == '=';
	unsigned long ux = x, uy = y;

	switch (*op) {
	case '|':
		return twice ? x || y : x | y;
	case '&':
		return twice ? x && y : x & y;
	case '^':
		return x ^ y;
	case '=':
		return x == y;
	case '!':
		return x != y;
	case '<':
		return twice ? (long)(ux << (y & 63)) : equal ? x <= y
		                                              : x < y;
	case '>':
		return twice ? x >> (y & 63) : equal ? x >= y
		                                     : x > y;
	case '+':
		return ux + uy;
	case '-':
		return ux - uy;
	case '*':
		return ux * uy;
	}
	return divide(a, x, *op, y);
}

// The operator of this level that comes next, if it is not the beginning of a
// longer one: a | is not ||, and an operator before = assigns.
static const char *next_operator(struct arith *a, int level)
{
	skip_blanks(a);
	for (int i = 0; levels[level][i]; i++) {
		const char *op = levels[level][i];
		size_t n = strlen(op);
		char after = a->at[n];

		if (strncmp(a->at, op, n) != 0)
			continue;
		if (n == 1 && (after == *op || after == '=') &&
		    strchr("|&<>", *op))
			continue;
		if (after == '=' && strchr("+-*/%^|&<>", *op))
			continue;
		a->at += n;
		return op;
	}
	return NULL;
}

static long arith_binary(struct arith *a, int level)
{
	const char *op;

	if (level == LEVELS)
		return arith_unary(a);
	long x = arith_binary(a, level + 1);
	while ((op = next_operator(a, level)) != NULL) {
		bool decided = (level == 0 && x) || (level == 1 && !x);

		a->skip += decided;
		long y = arith_binary(a, level + 1);
		a->skip -= decided;
		x = apply(a, x, op, y);
	}
	return x;
}

static long arith_choice(struct arith *a)
{
	long condition = arith_binary(a, 0), yes, no;

	if (!accept_text(a, "?"))
		return condition;
	a->skip += !condition;
	yes = arith_assign(a);
	a->skip -= !condition;
	if (!accept_text(a, ":"))
		return arith_fail(a, "a : is missing");
	a->skip += !!condition;
	no = arith_choice(a);
	a->skip -= !!condition;
	return condition ? yes : no;
}

// NAME = or NAME op=; moves behind it and returns the operator, "" for none.
static const char *assignment(struct arith *a, size_t length)
{
	static const char *const with[] = { "<<", ">>", "+", "-", "*", "/",
		                            "%", "&", "|", "^", "" };
	const char *at = a->at + length + strspn(a->at + length, " \t");

	for (unsigned i = 0; i < sizeof with / sizeof with[0]; i++) {
		size_t n = strlen(with[i]);

		if (strncmp(at, with[i], n) == 0 && at[n] == '=' &&
		    at[n + 1] != '=') {
			a->at = at + n + 1;
			return with[i];
		}
	}
	return NULL;
}

static long arith_assign(struct arith *a)
{
	const char *name, *op;
	char value[24];
	long x;

	skip_blanks(a);
	name = a->at;
	size_t length = name_length(name);
	op = length ? assignment(a, length) : NULL;
	if (!op)
		return arith_choice(a);
	x = arith_assign(a);
	if (*op)
		x = apply(a, variable(a, name, length), op, x);
	format(value, sizeof value, "%ld", x);
	if (!a->skip && sh.unwind == UNWIND_NONE)
		var_set(arena_copy(name, length), value);
	return x;
}

long arith(const char *text)
{
	struct arith a = { .at = text };

	skip_blanks(&a);
	long value = *a.at ? arith_assign(&a) : 0;
	skip_blanks(&a);
	if (*a.at)
		return arith_fail(&a, "what follows makes no sense");
	return value;
}
