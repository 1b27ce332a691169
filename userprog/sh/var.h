// Variables.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct var {
	struct var *next;
	char *name;
	char *value; // NULL: exported or read-only, but not set
	bool exported, read_only;
};
extern struct var *vars;

void var_init(char **environment);
const char *var_get(const char *name); // NULL: not set
const char *var_get_n(const char *name, size_t length);
bool var_set(const char *name, const char *value); // false: read-only
bool var_assign(const char *assignment);           // NAME=VALUE, expanded
bool var_unset(const char *name);
struct var *var_find(const char *name, size_t length, bool create);
// The variables that a command sets for itself, as they were before.
struct node;
struct kept_vars {
	struct kept_var *first;
};
struct kept_vars var_keep(struct node *n);
void var_put_back(struct kept_vars kept);
char **var_environment(void); // in the arena
