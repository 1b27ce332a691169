#include "parser.h"
#include <ctype.h>
#include <string.h>
#include "here.h"
#include "shell.h"

// list     : and_or separated by ; & newlines
// and_or   : pipeline separated by && ||
// pipeline : [!] command separated by |
// command  : simple | compound redirects | name() compound

struct node *node_new(enum node_kind kind, struct node *left,
                      struct node *right)
{
	struct node *n = arena_alloc(sizeof *n);

	n->kind = kind;
	n->left = left;
	n->right = right;
	return n;
}

bool accept(struct lexer *l, enum token_kind kind)
{
	if (lexer_peek(l)->kind != kind)
		return false;
	lexer_take(l);
	return true;
}

bool at_word(struct lexer *l, const char *word)
{
	struct token *t = lexer_peek(l);

	return t->kind == TOKEN_WORD && strcmp(t->raw, word) == 0;
}

bool accept_word(struct lexer *l, const char *word)
{
	if (!at_word(l, word))
		return false;
	lexer_take(l);
	return true;
}

void unexpected(struct lexer *l)
{
	struct token *t = lexer_peek(l);
	struct text what = { 0 };

	if (t->kind == TOKEN_END || t->kind == TOKEN_NEWLINE) {
		lexer_fail(l, "the command is not complete");
		return;
	}
	text_put(&what, "unexpected ", 11);
	text_put(&what, l->record.at + t->from, t->end - t->from);
	lexer_fail(l, text_string(&what));
}

void expect_word(struct lexer *l, const char *word)
{
	if (!accept_word(l, word))
		unexpected(l);
}

void skip_newlines(struct lexer *l)
{
	while (accept(l, TOKEN_NEWLINE))
		;
}

bool is_name(const char *text, size_t length)
{
	if (length == 0 || isdigit((unsigned char)*text))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	return true;
}

static struct redirect *parse_redirect(struct lexer *l)
{
	struct token *t = lexer_peek(l);
	struct redirect *r = arena_alloc(sizeof *r);

	r->kind = t->redirect;
	r->fd = t->fd;
	r->strip = t->strip;
	lexer_take(l);
	t = lexer_peek(l);
	if (t->kind != TOKEN_WORD) {
		unexpected(l);
		return r;
	}
	r->raw = t->raw;
	if (r->kind == REDIRECT_HERE)
		here_add(l, r); // before the newline is read
	lexer_take(l);
	return r;
}

static struct word *word_new(char *raw)
{
	struct word *w = arena_alloc(sizeof *w);

	w->raw = raw;
	return w;
}

static bool is_assignment(const char *raw)
{
	const char *sign = strchr(raw, '=');

	return sign && is_name(raw, sign - raw);
}

static struct node *parse_simple(struct lexer *l)
{
	struct node *n = node_new(NODE_COMMAND, NULL, NULL);
	struct word **words = &n->words, **sets = &n->assignments;
	struct redirect **redirects = &n->redirects;

	for (;;) {
		struct token *t = lexer_peek(l);

		if (t->kind == TOKEN_REDIRECT) {
			*redirects = parse_redirect(l);
			redirects = &(*redirects)->next;
		} else if (t->kind != TOKEN_WORD) {
			break;
		} else if (!n->words && is_assignment(t->raw)) {
			*sets = word_new(t->raw);
			sets = &(*sets)->next;
			lexer_take(l);
		} else {
			*words = word_new(t->raw);
			words = &(*words)->next;
			lexer_take(l);
		}
	}
	if (!n->words && !n->assignments && !n->redirects)
		unexpected(l);
	return n;
}

// A compound and the redirections behind it.
static struct node *parse_redirected(struct lexer *l)
{
	struct node *n = parse_compound(l);
	struct redirect **redirects = n ? &n->redirects : NULL;

	while (n && lexer_peek(l)->kind == TOKEN_REDIRECT) {
		*redirects = parse_redirect(l);
		redirects = &(*redirects)->next;
	}
	return n;
}

static struct node *parse_function(struct lexer *l, char *name)
{
	struct node *n = node_new(NODE_FUNCTION, NULL, NULL);

	n->name = name;
	lexer_take(l); // the (
	if (!accept(l, TOKEN_CLOSE))
		unexpected(l);
	skip_newlines(l);
	n->right = parse_redirected(l);
	if (!n->right)
		unexpected(l);
	return n;
}

static struct node *parse_command(struct lexer *l)
{
	struct node *n = parse_redirected(l);

	if (n)
		return n;
	n = parse_simple(l);
	// name() is only known for a function once the ( is seen.
	if (n->words && !n->words->next && !n->assignments && !n->redirects &&
	    lexer_peek(l)->kind == TOKEN_OPEN &&
	    is_name(n->words->raw, strlen(n->words->raw)))
		return parse_function(l, n->words->raw);
	return n;
}

static struct node *parse_pipeline(struct lexer *l)
{
	size_t from = (lexer_peek(l), l->token.from);
	bool negated = false;

	while (accept_word(l, "!"))
		negated = !negated;
	struct node *n = node_new(NODE_PIPE, parse_command(l), NULL);
	struct node *last = n->left;
	n->negated = negated;
	while (!l->failed && accept(l, TOKEN_PIPE)) {
		skip_newlines(l);
		last->next = parse_command(l);
		last = last->next;
	}
	n->text = arena_copy(l->record.at + from, l->taken - from);
	return n;
}

static struct node *parse_and_or(struct lexer *l)
{
	struct node *n = parse_pipeline(l);

	while (!l->failed) {
		enum token_kind kind = lexer_peek(l)->kind;

		if (kind != TOKEN_AND && kind != TOKEN_OR)
			break;
		lexer_take(l);
		skip_newlines(l);
		n = node_new(kind == TOKEN_AND ? NODE_AND : NODE_OR, n,
		             parse_pipeline(l));
	}
	return n;
}

// What ends a list: brackets, and the words that go on with a compound.
static bool at_list_end(struct lexer *l)
{
	static const char *const ends[] = { "then", "else", "elif", "fi",
		                            "do", "done", "esac", "}" };
	enum token_kind kind = lexer_peek(l)->kind;

	if (kind == TOKEN_END || kind == TOKEN_CLOSE || kind == TOKEN_DOUBLE)
		return true;
	for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (at_word(l, ends[i]))
			return true;
	return false;
}

// An and_or and the & or ; behind it; *more says whether another may follow.
static struct node *parse_item(struct lexer *l, bool *more)
{
	size_t from = (lexer_peek(l), l->token.from);
	struct node *n = parse_and_or(l);
	char *text = arena_copy(l->record.at + from, l->taken - from);

	*more = true;
	if (accept(l, TOKEN_AMPERSAND)) {
		n = node_new(NODE_BACKGROUND, n, NULL);
		n->text = text;
	} else if (!accept(l, TOKEN_SEMICOLON)) {
		*more = false;
	}
	return n;
}

static struct node *sequence(struct node *list, struct node *n)
{
	return list ? node_new(NODE_SEQUENCE, list, n) : n;
}

struct node *parse_list(struct lexer *l)
{
	struct node *list = NULL;
	bool more = true;

	for (skip_newlines(l); !l->failed && more && !at_list_end(l);) {
		list = sequence(list, parse_item(l, &more));
		while (accept(l, TOKEN_NEWLINE))
			more = true;
	}
	return list;
}

struct node *parse_until_close(struct lexer *l)
{
	struct node *list = parse_list(l);

	if (!accept(l, TOKEN_CLOSE))
		unexpected(l);
	return list;
}

struct node *parse_line(struct lexer *l, bool *end)
{
	struct node *list = NULL;
	bool more = true;

	l->in->more = false;
	*end = lexer_peek(l)->kind == TOKEN_END && !l->failed;
	if (*end || accept(l, TOKEN_NEWLINE))
		return NULL;
	l->in->more = true;
	while (!l->failed && more && !at_list_end(l) &&
	       lexer_peek(l)->kind != TOKEN_NEWLINE)
		list = sequence(list, parse_item(l, &more));
	if (!l->failed && !accept(l, TOKEN_NEWLINE) &&
	    lexer_peek(l)->kind != TOKEN_END)
		unexpected(l);
	return l->failed || interrupted ? NULL : list;
}
