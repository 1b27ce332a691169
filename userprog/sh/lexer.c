#include "lexer.h"
#include <stdlib.h>
#include <string.h>
#include "here.h"
#include "parser.h"
#include "shell.h"

void lexer_open(struct lexer *l, struct source *in)
{
	memset(l, 0, sizeof *l);
	l->in = in;
}

void lexer_fail(struct lexer *l, const char *what)
{
	// The first complaint is the useful one.
	if (!l->failed && sh.unwind == UNWIND_NONE && !interrupted)
		fail(2, "line %d: syntax error: %s", l->in->line, what);
	l->failed = true;
}

static int peek(struct lexer *l)
{
	return source_peek(l->in);
}

static int take(struct lexer *l)
{
	int c = source_next(l->in);

	if (c >= 0)
		text_add(&l->record, c);
	return c;
}

// Takes what follows a backslash.  An escaped newline is as if never written.
static void take_escaped(struct lexer *l)
{
	if (peek(l) == '\n') {
		take(l);
		l->record.length -= 2;
	} else {
		take(l);
	}
}

static void scan_single(struct lexer *l)
{
	int c;

	while ((c = take(l)) != '\'')
		if (c < 0) {
			lexer_fail(l, "a ' is not closed");
			return;
		}
}

static void scan_back_quote(struct lexer *l)
{
	int c;

	while ((c = take(l)) != '`') {
		if (c == '\\')
			take(l);
		if (c < 0) {
			lexer_fail(l, "a ` is not closed");
			return;
		}
	}
}

static void scan_dollar(struct lexer *l);

static void scan_double(struct lexer *l)
{
	int c;

	while ((c = take(l)) != '"') {
		if (c == '\\')
			take_escaped(l);
		else if (c == '$')
			scan_dollar(l);
		else if (c == '`')
			scan_back_quote(l);
		else if (c < 0) {
			lexer_fail(l, "a \" is not closed");
			return;
		}
	}
}

// One character of a word, and all that belongs to it.
static void scan_part(struct lexer *l)
{
	int c = take(l);

	if (c == '\\')
		take_escaped(l);
	else if (c == '\'')
		scan_single(l);
	else if (c == '"')
		scan_double(l);
	else if (c == '`')
		scan_back_quote(l);
	else if (c == '$')
		scan_dollar(l);
}

static void scan_braces(struct lexer *l)
{
	while (!l->failed && peek(l) != '}') {
		if (peek(l) < 0)
			lexer_fail(l, "a ${ is not closed");
		scan_part(l);
	}
	take(l);
}

static void scan_arithmetic(struct lexer *l)
{
	int depth = 2, c;

	while (depth > 0 && !l->failed) {
		c = peek(l);
		depth += c == '(' ? 1 : c == ')' ? -1
		                                 : 0;
		if (c < 0)
			lexer_fail(l, "a $(( is not closed");
		scan_part(l);
	}
}

// The command inside of $( ) is parsed for its end; it is parsed again from the
// text whenever it runs.
static void scan_substitution(struct lexer *l)
{
	struct token outer = l->token;
	struct here *here = l->here;
	size_t taken = l->taken;

	l->token.kind = TOKEN_NONE;
	l->here = NULL;
	parse_until_close(l);
	l->token = outer;
	l->here = here;
	l->taken = taken;
}

static void scan_dollar(struct lexer *l)
{
	if (peek(l) == '{') {
		take(l);
		scan_braces(l);
	} else if (peek(l) == '(') {
		take(l);
		if (peek(l) == '(') {
			take(l);
			scan_arithmetic(l);
		} else {
			scan_substitution(l);
		}
	}
}

const char *lexer_skip_dollar(const char *after)
{
	struct source in;
	struct lexer l;

	source_string(&in, after);
	lexer_open(&l, &in);
	scan_dollar(&l);
	return in.at;
}

static bool ends_word(int c)
{
	return c < 0 || strchr(" \t\n;&|<>()", c) != NULL;
}

static void scan_word(struct lexer *l)
{
	struct token *t = &l->token;

	while (!l->failed && !ends_word(peek(l)))
		scan_part(l);
	t->kind = TOKEN_WORD;
	t->raw = arena_copy(l->record.at + t->from, l->record.length - t->from);
}

// Takes the next character if it is this one.
static bool follows(struct lexer *l, int c)
{
	if (peek(l) != c)
		return false;
	take(l);
	return true;
}

static void scan_redirect(struct lexer *l, int fd)
{
	struct token *t = &l->token;
	bool in = take(l) == '<';

	t->kind = TOKEN_REDIRECT;
	t->fd = fd >= 0 ? fd : in ? 0
	                          : 1;
	t->redirect = in ? REDIRECT_IN : REDIRECT_OUT;
	if (follows(l, '&')) {
		t->redirect = REDIRECT_DUP;
	} else if (in && follows(l, '<')) {
		t->redirect = REDIRECT_HERE;
		t->strip = follows(l, '-');
	} else if (in && follows(l, '>')) {
		t->redirect = REDIRECT_BOTH;
	} else if (!in && follows(l, '>')) {
		t->redirect = REDIRECT_APPEND;
	} else if (!in) {
		follows(l, '|'); // >|: there is no noclobber to override
	}
}

static enum token_kind scan_operator(struct lexer *l)
{
	switch (take(l)) {
	case ';':
		return follows(l, ';') ? TOKEN_DOUBLE : TOKEN_SEMICOLON;
	case '&':
		return follows(l, '&') ? TOKEN_AND : TOKEN_AMPERSAND;
	case '|':
		return follows(l, '|') ? TOKEN_OR : TOKEN_PIPE;
	case '(':
		return TOKEN_OPEN;
	case ')':
		return TOKEN_CLOSE;
	}
	return TOKEN_END;
}

// Blanks, escaped newlines and comments.  Returns whether a backslash that
// begins a word has been taken already.
static bool skip_blanks(struct lexer *l)
{
	for (;;) {
		int c = peek(l);

		if (c == '\\') {
			take(l);
			if (peek(l) != '\n')
				return true;
			take_escaped(l);
		} else if (c == '#') {
			while (peek(l) >= 0 && peek(l) != '\n')
				take(l);
		} else if (c == ' ' || c == '\t' || c == '\r') {
			take(l);
		} else {
			return false;
		}
	}
}

static void scan_newline(struct lexer *l)
{
	take(l);
	l->token.kind = TOKEN_NEWLINE;
	while (l->here) {
		struct here *here = l->here;

		l->here = here->next;
		here_read(l, here->redirect);
	}
}

static bool all_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == 0;
}

static void scan_token(struct lexer *l)
{
	struct token *t = &l->token;
	bool escaped = skip_blanks(l);

	memset(t, 0, sizeof *t);
	t->from = l->record.length - escaped;
	if (escaped) {
		take(l);
		scan_word(l);
		return;
	}
	int c = peek(l);
	if (c < 0) {
		t->kind = TOKEN_END;
	} else if (c == '\n') {
		scan_newline(l);
	} else if (c == '<' || c == '>') {
		scan_redirect(l, -1);
	} else if (ends_word(c)) {
		t->kind = scan_operator(l);
	} else {
		scan_word(l);
		// 2>file: the number belongs to the redirection.
		if ((peek(l) == '<' || peek(l) == '>') && all_digits(t->raw))
			scan_redirect(l, atoi(t->raw));
	}
}

struct token *lexer_peek(struct lexer *l)
{
	if (l->token.kind == TOKEN_NONE) {
		scan_token(l);
		l->token.end = l->record.length;
	}
	// After an error nothing more is read: not from a terminal either.
	if (l->failed)
		l->token.kind = TOKEN_END;
	return &l->token;
}

void lexer_take(struct lexer *l)
{
	l->taken = l->token.end;
	l->token.kind = TOKEN_NONE;
}
