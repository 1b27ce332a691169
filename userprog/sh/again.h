// Subshells where the kernel knows no fork(): this shell executes itself once
// more, and tells the new one all that makes it what this one is.
#pragma once
#include <stdbool.h>
#include "tree.h"

// Runs the node so, in a process that the kernel made with vfork().
void again(struct node *n) __attribute__((noreturn));

// sh -R NUMBERS STATE BODY [NAME [ARG...]]: that new shell, with what is in
// the strings behind the numbers.
void again_begin(const char *numbers, const char *state);
struct node *again_parse(const char *body);

// The node as a text that means the same, in the arena.
struct text;
void tree_write(struct text *out, struct node *n);
