// Turns tokens into trees.
#pragma once
#include "lexer.h"

// The next complete command: NULL for an empty line, at the end (*end is set),
// or after an error.
struct node *parse_line(struct lexer *l, bool *end);

// For $( ): a list up to and with the closing bracket.
struct node *parse_until_close(struct lexer *l);

struct node *parse_list(struct lexer *l);
struct node *parse_compound(struct lexer *l); // NULL: not one
bool at_word(struct lexer *l, const char *word);
bool accept(struct lexer *l, enum token_kind kind);
bool accept_word(struct lexer *l, const char *word);
void expect_word(struct lexer *l, const char *word);
void skip_newlines(struct lexer *l);
struct node *node_new(enum node_kind kind, struct node *left,
                      struct node *right);
void unexpected(struct lexer *l);
bool is_name(const char *text, size_t length);
