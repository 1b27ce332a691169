// Parsing what has an end of its own: ( ) { } if while until for case.
#include <string.h>
#include "parser.h"
#include "shell.h"

static struct node *parse_body(struct lexer *l)
{
	struct node *list = parse_list(l);

	if (!list && !l->failed)
		unexpected(l);
	return list;
}

// From the condition on; elif is an if in the else branch that shares the fi.
static struct node *parse_if(struct lexer *l)
{
	struct node *n = node_new(NODE_IF, parse_body(l), NULL);

	expect_word(l, "then");
	n->right = parse_body(l);
	if (accept_word(l, "elif")) {
		n->other = parse_if(l);
		return n;
	}
	if (accept_word(l, "else"))
		n->other = parse_body(l);
	expect_word(l, "fi");
	return n;
}

static struct node *parse_do(struct lexer *l)
{
	expect_word(l, "do");
	struct node *body = parse_body(l);
	expect_word(l, "done");
	return body;
}

static struct node *parse_while(struct lexer *l, enum node_kind kind)
{
	struct node *condition = parse_body(l);

	return node_new(kind, condition, parse_do(l));
}

static void parse_words(struct lexer *l, struct node *n)
{
	struct word **end = &n->words;

	while (lexer_peek(l)->kind == TOKEN_WORD) {
		*end = arena_alloc(sizeof **end);
		(*end)->raw = lexer_peek(l)->raw;
		end = &(*end)->next;
		lexer_take(l);
	}
}

static struct node *parse_for(struct lexer *l)
{
	struct node *n = node_new(NODE_FOR, NULL, NULL);
	struct token *t = lexer_peek(l);

	if (t->kind != TOKEN_WORD || !is_name(t->raw, strlen(t->raw)))
		unexpected(l);
	n->name = t->raw;
	lexer_take(l);
	skip_newlines(l);
	n->has_list = accept_word(l, "in");
	if (n->has_list)
		parse_words(l, n);
	accept(l, TOKEN_SEMICOLON);
	skip_newlines(l);
	n->right = parse_do(l);
	return n;
}

static struct node *parse_clause(struct lexer *l)
{
	struct node *n = node_new(NODE_CLAUSE, NULL, NULL);
	struct word **end = &n->words;

	accept(l, TOKEN_OPEN);
	do {
		if (lexer_peek(l)->kind != TOKEN_WORD) {
			unexpected(l);
			return n;
		}
		*end = arena_alloc(sizeof **end);
		(*end)->raw = lexer_peek(l)->raw;
		end = &(*end)->next;
		lexer_take(l);
	} while (accept(l, TOKEN_PIPE));
	if (!accept(l, TOKEN_CLOSE))
		unexpected(l);
	n->right = parse_list(l);
	// The ;; of the last clause may be left out.
	if (!accept(l, TOKEN_DOUBLE) && !at_word(l, "esac"))
		unexpected(l);
	skip_newlines(l);
	return n;
}

static struct node *parse_case(struct lexer *l)
{
	struct node *n = node_new(NODE_CASE, NULL, NULL);
	struct node **clauses = &n->left;

	if (lexer_peek(l)->kind != TOKEN_WORD)
		unexpected(l);
	n->words = arena_alloc(sizeof *n->words);
	n->words->raw = lexer_peek(l)->raw;
	lexer_take(l);
	skip_newlines(l);
	expect_word(l, "in");
	skip_newlines(l);
	while (!l->failed && !accept_word(l, "esac")) {
		*clauses = parse_clause(l);
		clauses = &(*clauses)->next;
	}
	return n;
}

static struct node *parse_group(struct lexer *l)
{
	struct node *n = node_new(NODE_GROUP, parse_body(l), NULL);

	expect_word(l, "}");
	return n;
}

struct node *parse_compound(struct lexer *l)
{
	if (accept(l, TOKEN_OPEN))
		return node_new(NODE_SUBSHELL, parse_until_close(l), NULL);
	if (accept_word(l, "{"))
		return parse_group(l);
	if (accept_word(l, "if"))
		return parse_if(l);
	if (accept_word(l, "while"))
		return parse_while(l, NODE_WHILE);
	if (accept_word(l, "until"))
		return parse_while(l, NODE_UNTIL);
	if (accept_word(l, "for"))
		return parse_for(l);
	if (accept_word(l, "case"))
		return parse_case(l);
	return NULL;
}
