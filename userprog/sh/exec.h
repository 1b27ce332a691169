// Runs trees.
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include "expand.h"
#include "tree.h"

int exec_node(struct node *n); // returns and sets sh.status
void exec_child(struct node *n) __attribute__((noreturn));
pid_t exec_substitution(struct node *list, int out);
void exec_program(char **argv) __attribute__((noreturn));
bool find_program(const char *name, char *path, size_t size);

// Functions.
void function_define(const char *name, struct node *body);
struct node *function_find(const char *name);
bool function_remove(const char *name);
struct text;
void functions_write(struct text *out);
