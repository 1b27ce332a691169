#include "expand.h"
#include <string.h>
#include "glob.h"
#include "lexer.h"
#include "parser.h"
#include "shell.h"
#include "var.h"

void fields_add(struct fields *f, char *text)
{
	if (f->count + 2 > f->room) {
		int room = f->room ? f->room * 2 : 8;
		char **at = arena_alloc(room * sizeof *at);

		if (f->count)
			memcpy(at, f->at, f->count * sizeof *at);
		f->at = at;
		f->room = room;
	}
	f->at[f->count++] = text;
	f->at[f->count] = NULL;
}

void expand_char(struct expander *e, char c, bool quoted)
{
	if (quoted && strchr("*?[]\\-!^", c))
		text_add(&e->field, '\\');
	text_add(&e->field, c);
	e->begun = true;
}

void expand_end_field(struct expander *e)
{
	text_string(&e->field);
	fields_add(e->out, arena_copy(e->field.at, e->field.length));
	e->field.length = 0;
	e->begun = false;
}

void expand_value(struct expander *e, const char *value, bool quoted)
{
	const char *ifs = var_get("IFS");

	if (!ifs)
		ifs = " \t\n";
	for (; *value; value++) {
		if (quoted || !e->split || !strchr(ifs, *value)) {
			// A backslash in a value is only itself.
			expand_char(e, *value, quoted || *value == '\\');
			continue;
		}
		// Blanks end a field, any other separator an empty one too.
		if (e->begun || !strchr(" \t\n", *value))
			expand_end_field(e);
	}
}

static const char *expand_single(struct expander *e, const char *at)
{
	for (; *at && *at != '\''; at++)
		expand_char(e, *at, true);
	e->begun = true;
	return at + (*at != 0);
}

// In double quotes a backslash is one unless it protects something.
static const char *expand_escape(struct expander *e, const char *at,
                                 bool quoted)
{
	if (!*at || (quoted && !strchr("$`\"\\\n", *at))) {
		expand_char(e, '\\', true);
		return at;
	}
	if (*at != '\n')
		expand_char(e, *at, true);
	return at + 1;
}

static const char *expand_back_quote(struct expander *e, const char *at,
                                     bool quoted)
{
	struct text command = { 0 };
	struct source in;
	struct lexer l;

	for (; *at && *at != '`'; at++) {
		if (*at == '\\' && at[1] && strchr("$`\\", at[1]))
			at++;
		text_add(&command, *at);
	}
	source_string(&in, text_string(&command));
	lexer_open(&l, &in);
	struct node *list = parse_list(&l);
	if (!l.failed && lexer_peek(&l)->kind != TOKEN_END)
		unexpected(&l);
	if (!l.failed)
		expand_command(e, list, quoted);
	return at + (*at != 0);
}

static const char *expand_double(struct expander *e, const char *at)
{
	size_t before = e->field.length;
	int fields = e->out ? e->out->count : 0;
	const char *from = at;

	while (*at && *at != '"') {
		if (*at == '\\')
			at = expand_escape(e, at + 1, true);
		else if (*at == '$')
			at = expand_dollar(e, at + 1, true);
		else if (*at == '`')
			at = expand_back_quote(e, at + 1, true);
		else
			expand_char(e, *at++, true);
	}
	// "" is a field, but "$@" without arguments is none.
	bool nothing = e->field.length == before &&
	               fields == (e->out ? e->out->count : 0);
	if (!(nothing && at - from == 2 && strncmp(from, "$@", 2) == 0))
		e->begun = true;
	return at + (*at != 0);
}

// A ~ that begins a word, before / or its end, is the home directory.
static const char *expand_tilde(struct expander *e, const char *at)
{
	const char *home = var_get("HOME");

	if (at[1] && !strchr(e->assignment ? "/:" : "/", at[1]))
		home = NULL;
	if (!home)
		expand_char(e, '~', false);
	else
		expand_value(e, home, true);
	return at + 1;
}

void expand_part(struct expander *e, const char *at, bool quoted)
{
	bool start = !quoted; // where a ~ may stand

	while (*at && sh.unwind == UNWIND_NONE) {
		char c = *at;

		if (c == '\\')
			at = expand_escape(e, at + 1, quoted);
		else if (c == '$')
			at = expand_dollar(e, at + 1, quoted);
		else if (c == '`')
			at = expand_back_quote(e, at + 1, quoted);
		else if (c == '\'' && !quoted)
			at = expand_single(e, at + 1);
		else if (c == '"' && !quoted)
			at = expand_double(e, at + 1);
		else if (c == '"' && !e->here) // "${x-"in here"}"
			at++;
		else if (c == '~' && start)
			at = expand_tilde(e, at);
		else
			expand_char(e, *at++, quoted);
		start = e->assignment && !quoted && (c == '=' || c == ':');
	}
}

// Takes the backslashes out again.
static char *plain(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++) {
		if (*from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	*to = 0;
	return text;
}

static void expand_word(const char *raw, struct fields *out)
{
	struct fields fields = { 0 };
	struct expander e = { .split = true, .out = &fields };

	expand_part(&e, raw, false);
	if (e.begun)
		expand_end_field(&e);
	for (int i = 0; i < fields.count; i++) {
		char *field = fields.at[i];

		if (sh.set_f || !glob_has_magic(field) || !glob(field, out))
			fields_add(out, plain(field));
	}
}

void expand_words(struct word *words, struct fields *out)
{
	for (; words && sh.unwind == UNWIND_NONE; words = words->next)
		expand_word(words->raw, out);
}

char *expand_pattern(const char *raw)
{
	struct expander e = { 0 };

	expand_part(&e, raw, false);
	return text_string(&e.field);
}

char *expand_string(const char *raw)
{
	return plain(expand_pattern(raw));
}

char *expand_assignment(const char *raw)
{
	struct expander e = { .assignment = true };

	expand_part(&e, raw, false);
	return plain(text_string(&e.field));
}

char *expand_here(const char *body)
{
	struct expander e = { .here = true };

	expand_part(&e, body, true);
	return plain(text_string(&e.field));
}

char *unquote(const char *raw)
{
	struct text out = { 0 };
	char quote = 0;

	for (; *raw; raw++) {
		if (quote ? *raw == quote : *raw == '\'' || *raw == '"') {
			quote = quote ? 0 : *raw;
			continue;
		}
		if (*raw == '\\' && quote != '\'' && raw[1])
			raw++;
		text_add(&out, *raw);
	}
	return text_string(&out);
}
