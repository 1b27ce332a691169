// Expansions that begin with a $.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include "arith.h"
#include "expand.h"
#include "glob.h"
#include "lexer.h"
#include "parser.h"
#include "shell.h"
#include "var.h"

static char *decimal(long value)
{
	char *text = arena_alloc(24);

	format(text, 24, "%ld", value);
	return text;
}

static char *option_letters(void)
{
	struct text out = { 0 };

	if (sh.set_e)
		text_add(&out, 'e');
	if (sh.set_f)
		text_add(&out, 'f');
	if (sh.interactive)
		text_add(&out, 'i');
	if (sh.set_u)
		text_add(&out, 'u');
	if (sh.set_x)
		text_add(&out, 'x');
	return text_string(&out);
}

static char *join_args(void)
{
	const char *ifs = var_get("IFS");
	struct text out = { 0 };

	for (int i = 0; i < sh.arg_count; i++) {
		if (i > 0 && (!ifs || *ifs))
			text_add(&out, ifs ? *ifs : ' ');
		text_put(&out, sh.args[i], strlen(sh.args[i]));
	}
	return text_string(&out);
}

// The value of a parameter by its name, NULL if it is not set.
static const char *param_get(const char *name, size_t length)
{
	if (isdigit((unsigned char)*name)) {
		int index = atoi(name);

		if (index == 0)
			return sh.name;
		return index <= sh.arg_count ? sh.args[index - 1] : NULL;
	}
	switch (*name) {
	case '?':
		return decimal(sh.status);
	case '$':
		return decimal(sh.pid);
	case '!':
		return sh.background ? decimal(sh.background) : NULL;
	case '#':
		return decimal(sh.arg_count);
	case '-':
		return option_letters();
	case '@':
	case '*':
		return sh.arg_count ? join_args() : NULL;
	}
	return var_get_n(name, length);
}

// $@ and unquoted $*: each argument is a field of its own.
static void expand_args(struct expander *e, bool quoted)
{
	for (int i = 0; i < sh.arg_count; i++) {
		if (i > 0 && e->out && (quoted || e->begun))
			expand_end_field(e);
		else if (i > 0 && !e->out)
			expand_char(e, ' ', quoted);
		expand_value(e, sh.args[i], quoted);
		if (quoted)
			e->begun = true;
	}
}

static void expand_param(struct expander *e, const char *name, size_t length,
                         bool quoted)
{
	const char *value;

	if (*name == '@' || (*name == '*' && !quoted)) {
		expand_args(e, quoted);
		return;
	}
	value = param_get(name, length);
	if (!value && sh.set_u)
		fail(2, "%.*s: is not set", (int)length, name);
	else if (value)
		expand_value(e, value, quoted);
}

// How long the name at the start is; 0: none.
static size_t name_length(const char *at, bool braces)
{
	size_t n = 0;

	if (isdigit((unsigned char)*at)) {
		while (braces && isdigit((unsigned char)at[n]))
			n++;
		return n ? n : 1;
	}
	if (*at && strchr("?$!#-@*", *at))
		return 1;
	while (isalnum((unsigned char)at[n]) || at[n] == '_')
		n++;
	return n;
}

// ${x#p} ${x##p} ${x%p} ${x%%p}
static void expand_trim(struct expander *e, const char *value, const char *op,
                        bool quoted)
{
	bool longest = op[1] == *op;
	char *pattern = expand_pattern(op + 1 + longest);
	size_t length = strlen(value);

	if (*op == '#') {
		value += glob_prefix(pattern, value, longest);
	} else {
		length -= glob_suffix(pattern, value, longest);
		value = arena_copy(value, length);
	}
	expand_value(e, value, quoted);
}

// ${x-w} ${x=w} ${x?w} ${x+w}; with a colon, empty counts as not set.
static void expand_default(struct expander *e, const char *name, size_t length,
                           const char *op, bool quoted)
{
	const char *value = param_get(name, length);
	bool colon = *op == ':';
	bool set = value && !(colon && !*value);
	const char *word = op + colon + 1;
	char *text;

	switch (op[colon]) {
	case '+':
		if (set)
			expand_part(e, word, quoted);
		return;
	case '?':
		if (!set)
			fail(2, "%.*s: %s", (int)length, name,
			     *word ? expand_string(word) : "is not set");
		break;
	case '=':
		if (set)
			break;
		text = expand_string(word);
		var_set(arena_copy(name, length), text);
		expand_value(e, text, quoted);
		return;
	default:
		if (!set) {
			expand_part(e, word, quoted);
			return;
		}
	}
	if (set)
		expand_param(e, name, length, quoted);
}

// The inside of ${ }.
static void expand_braces(struct expander *e, const char *at, bool quoted)
{
	// ${#x} is a length, ${#} and ${#-w} are about $#.
	bool size = *at == '#' && name_length(at + 1, true) > 0 &&
	            !at[1 + name_length(at + 1, true)];
	const char *name = at + size;
	size_t length = name_length(name, true);
	const char *op = name + length;
	const char *value;

	if (size) {
		value = param_get(name, length);
		expand_value(e, decimal(value ? strlen(value) : 0), quoted);
	} else if (length > 0 && !*op) {
		expand_param(e, name, length, quoted);
	} else if (length > 0 && (*op == '#' || *op == '%')) {
		value = param_get(name, length);
		expand_trim(e, value ? value : "", op, quoted);
	} else if (length > 0 && strchr("-=?+", op[*op == ':'])) {
		expand_default(e, name, length, op, quoted);
	} else {
		fail(2, "${%s}: bad substitution", at);
	}
}

static const char *expand_arithmetic(struct expander *e, const char *at,
                                     bool quoted)
{
	const char *end = lexer_skip_dollar(at);
	long value = arith(expand_here(arena_copy(at + 2, end - at - 4)));

	if (sh.unwind == UNWIND_NONE)
		expand_value(e, decimal(value), quoted);
	return end;
}

static const char *expand_substitution(struct expander *e, const char *at,
                                       bool quoted)
{
	struct source in;
	struct lexer l;

	source_string(&in, at + 1);
	lexer_open(&l, &in);
	struct node *list = parse_until_close(&l);
	if (!l.failed)
		expand_command(e, list, quoted);
	return in.at;
}

const char *expand_dollar(struct expander *e, const char *at, bool quoted)
{
	size_t length = name_length(at, false);

	if (*at == '{') {
		const char *end = lexer_skip_dollar(at);

		expand_braces(e, arena_copy(at + 1, end - at - 2), quoted);
		return end;
	}
	if (at[0] == '(' && at[1] == '(')
		return expand_arithmetic(e, at, quoted);
	if (*at == '(')
		return expand_substitution(e, at, quoted);
	if (length == 0)
		expand_char(e, '$', quoted);
	else
		expand_param(e, at, length, quoted);
	return at + length;
}
