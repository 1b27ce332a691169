// Turns characters into tokens.  Words keep their quotes: what they mean is
// found out when they are expanded, each time the command runs.
#pragma once
#include "arena.h"
#include "source.h"
#include "tree.h"

enum token_kind {
	TOKEN_NONE, // nothing looked at yet
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_REDIRECT,
	TOKEN_SEMICOLON,
	TOKEN_DOUBLE, // ;;
	TOKEN_AMPERSAND,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_PIPE,
	TOKEN_OPEN,
	TOKEN_CLOSE,
};

struct token {
	enum token_kind kind;
	char *raw; // of a word
	enum redirect_kind redirect;
	int fd;           // written before a redirection, or -1
	bool strip;       // <<-
	size_t from, end; // where in the record
};

struct lexer {
	struct source *in;
	struct text record; // all characters taken so far
	struct token token; // the one looked at
	size_t taken;       // end of the last one taken
	struct here *here;  // here-documents whose body follows
	bool failed;
};

void lexer_open(struct lexer *l, struct source *in);
struct token *lexer_peek(struct lexer *l);
void lexer_take(struct lexer *l);
void lexer_fail(struct lexer *l, const char *what);

// Behind a $ in a string: where its expansion ends (the parser's own scan).
const char *lexer_skip_dollar(const char *after);
