// Calculates and compares what its arguments say.
#include <string.h>
#include <pattern.h>
#include <tool.h>

TOOL("expr", "expr EXPRESSION   (| & = != < <= > >= + - * / % : ( ) length"
             " substr index)");

static char **at;

static const char *expr_or(void);

static char *decimal(long value)
{
	static char texts[64][24];
	static int next;

	// More than can be in use at once: the grammar is not that deep.
	next = (next + 1) % 64;
	format(texts[next], sizeof texts[next], "%ld", value);
	return texts[next];
}

static bool next_is(const char *word)
{
	if (!*at || strcmp(*at, word) != 0)
		return false;
	at++;
	return true;
}

static const char *operand(void)
{
	if (!*at)
		die(2, "an operand is missing");
	return *at++;
}

static bool true_value(const char *text)
{
	return *text && strcmp(text, "0") != 0;
}

static long numeric(const char *text)
{
	long value;

	if (!number(text, &value))
		die(2, "%s: not a number", text);
	return value;
}

static const char *substring(void)
{
	static char part[512];
	const char *text = operand();
	long from = numeric(operand()), length = numeric(operand());
	long size = strlen(text);

	if (from < 1 || from > size || length < 1)
		return "";
	format(part, sizeof part, "%.*s", (int)length, text + from - 1);
	return part;
}

static const char *expr_primary(void)
{
	const char *value;

	if (next_is("(")) {
		value = expr_or();
		if (!next_is(")"))
			die(2, "a ( is not closed");
		return value;
	}
	if (next_is("length"))
		return decimal(strlen(operand()));
	if (next_is("substr"))
		return substring();
	if (next_is("index")) {
		const char *text = operand();
		size_t found = strcspn(text, operand());

		return decimal(text[found] ? found + 1 : 0);
	}
	next_is("+"); // quotes a word that means something
	return operand();
}

// How much of text a piece of a pattern matches from its start, -1 for not at
// all; whole: it must be all of it.
static long match_piece(const char *piece, int size, const char *text,
                        long length, bool whole)
{
	char expression[512];
	const char *problem;
	size_t start = 0, end;

	format(expression, sizeof expression, "^%.*s%s", size, piece,
	       whole ? "$" : "");
	struct pattern *p = pattern_new(expression, false, false, &problem);
	if (!p)
		die(2, "%.*s: %s", size, piece, problem);
	return pattern_find(p, text, length, &start, &end) ? (long)end : -1;
}

// What \( \) matches: as long as what follows it still matches too.
static const char *match_group(const char *text, const char *expression,
                               const char *open)
{
	static char group[512];
	const char *inside = open + 2, *close = strstr(inside, "\\)");
	long length = strlen(text);
	long from = match_piece(expression, open - expression, text, length,
	                        false);

	if (!close || from < 0)
		return "";
	for (long end = length; end >= from; end--) {
		if (match_piece(inside, close - inside, text + from,
		                end - from, true) < 0 ||
		    match_piece(close + 2, strlen(close + 2), text + end,
		                length - end, false) < 0)
			continue;
		format(group, sizeof group, "%.*s", (int)(end - from),
		       text + from);
		return group;
	}
	return "";
}

// text : pattern, from the start: how many characters match, or what stands in
// \( \).
static const char *match(const char *text, const char *expression)
{
	const char *open = strstr(expression, "\\(");

	if (open)
		return match_group(text, expression, open);
	long length = match_piece(expression, strlen(expression), text,
	                          strlen(text), false);
	return decimal(length < 0 ? 0 : length);
}

static const char *expr_match(void)
{
	const char *value = expr_primary();

	while (next_is(":"))
		value = match(value, expr_primary());
	return value;
}

static const char *expr_product(void)
{
	const char *value = expr_match();

	for (;;) {
		char op = *at && !(*at)[1] && strchr("*/%", **at) ? **at : 0;

		if (!op)
			return value;
		at++;
		long x = numeric(value), y = numeric(expr_match());
		if (op != '*' && y == 0)
			die(2, "division by zero");
		// The one quotient that does not fit wraps around.
		if (op != '*' && y == -1)
			x = op == '/' ? (long)-(unsigned long)x : 0;
		else if (op == '*')
			x = (long)((unsigned long)x * y);
		else
			x = op == '/' ? x / y : x % y;
		value = decimal(x);
	}
}

static const char *expr_sum(void)
{
	const char *value = expr_product();

	for (;;) {
		bool plus = next_is("+");

		if (!plus && !next_is("-"))
			return value;
		unsigned long x = numeric(value);
		unsigned long y = numeric(expr_product());
		value = decimal(plus ? x + y : x - y);
	}
}

static int order(const char *a, const char *b)
{
	long x, y;

	if (number(a, &x) && number(b, &y))
		return x < y ? -1 : x > y;
	return strcmp(a, b);
}

static const char *expr_compare(void)
{
	static const char *const ops[] = { "=", "!=", "<", "<=", ">", ">=" };
	const char *value = expr_sum();

	for (;;) {
		unsigned i = 0;

		while (i < 6 && !next_is(ops[i]))
			i++;
		if (i == 6)
			return value;
		int o = order(value, expr_sum());
		const bool results[] = { o == 0, o != 0, 0 > o,
			                 o <= 0, 0 < o, o >= 0 };
		value = decimal(results[i]);
	}
}

static const char *expr_and(void)
{
	const char *value = expr_compare();

	while (next_is("&")) {
		const char *other = expr_compare();

		if (!true_value(value) || !true_value(other))
			value = "0";
	}
	return value;
}

static const char *expr_or(void)
{
	const char *value = expr_and();

	while (next_is("|")) {
		const char *other = expr_and();

		if (!true_value(value))
			value = true_value(other) ? other : "0";
	}
	return value;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		misuse();
	at = argv + 1;
	const char *value = expr_or();
	if (*at)
		die(2, "%s: makes no sense here", *at);
	print("%s\n", value);
	return done(!true_value(value));
}
