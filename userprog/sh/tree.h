// A parsed command.
#pragma once
#include <stdbool.h>

struct word {
	struct word *next;
	char *raw; // as written, quotes and all
};

enum redirect_kind {
	REDIRECT_IN,     // <
	REDIRECT_OUT,    // > and >|
	REDIRECT_APPEND, // >>
	REDIRECT_BOTH,   // <>
	REDIRECT_DUP,    // <& and >&
	REDIRECT_HERE,   // << and <<-
};

struct redirect {
	struct redirect *next;
	enum redirect_kind kind;
	int fd;
	char *raw;          // file, descriptor, or end of the here-document
	char *body;         // of a here-document
	bool strip, quoted; // <<-; the end was quoted: body is literal
};

enum node_kind {
	NODE_COMMAND,    // words, assignments
	NODE_PIPE,       // left, then its .next...; negated
	NODE_AND,        // left && right
	NODE_OR,         // left || right
	NODE_SEQUENCE,   // left ; right
	NODE_BACKGROUND, // left &
	NODE_SUBSHELL,   // ( left )
	NODE_GROUP,      // { left }
	NODE_IF,         // if left; then right; else other
	NODE_WHILE,      // while left; do right
	NODE_UNTIL,
	NODE_FOR,      // for name in words; do right
	NODE_CASE,     // case words in clauses: left, its .next
	NODE_CLAUSE,   // words) right
	NODE_FUNCTION, // name() right
};

struct node {
	enum node_kind kind;
	struct node *left, *right, *other;
	struct node *next;
	struct word *words, *assignments;
	struct redirect *redirects;
	char *name;
	char *text;             // of a pipeline, for `jobs`
	bool negated, has_list; // ! pipe; for ... in
};
