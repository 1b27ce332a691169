// What a word means: parameters, $( ), $(( )), fields, file names, quotes.
#pragma once
#include "arena.h"
#include "tree.h"

struct fields {
	char **at; // NULL-terminated
	int count, room;
};

void fields_add(struct fields *f, char *text);
void expand_words(struct word *words, struct fields *out);
char *expand_string(const char *raw); // one field, whatever it contains
char *expand_assignment(const char *raw);
char *expand_pattern(const char *raw); // quoted characters escaped by a \.
char *expand_here(const char *body);   // as inside of double quotes
char *unquote(const char *raw);        // quotes removed, nothing expanded

// A word being expanded.  Quoted characters that a pattern would take for its
// own are kept with a backslash before them until file names were looked for.
struct expander {
	struct text field;
	bool begun;         // there is a field, if only an empty one
	bool split;         // unquoted values are split at IFS
	bool here;          // a here-document: " is a character
	bool assignment;    // ~ counts behind : and = too
	struct fields *out; // whole fields
};

void expand_part(struct expander *e, const char *raw, bool quoted);
void expand_char(struct expander *e, char c, bool quoted);
void expand_value(struct expander *e, const char *value, bool quoted);
void expand_end_field(struct expander *e);

// param.c: behind a $; returns where the expansion ends.
const char *expand_dollar(struct expander *e, const char *at, bool quoted);
void expand_command(struct expander *e, struct node *list, bool quoted);
