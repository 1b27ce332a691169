// find: an expression is a tree of tests and actions, asked for every file
// below the paths.
#pragma once
#include <stdbool.h>
#include "inode.h"

struct visit {
	const char *path, *name; // name: the last part
	const struct linux_stat *st;
	bool prune; // do not go below it
};

struct expression {
	bool (*holds)(const struct expression *e, struct visit *visit);
	const struct expression *left, *right; // of ! (left), -a, -o
	const char *text;
	char kind; // of a type or unit; how to compare: - + or 0
	long number;
	long factor;
	char **words; // -exec
	int count;
};

// The words of the expression; NULL: there are none.  Ends with a message when
// they make no sense.
const struct expression *parse(char **words);

// What is said of all of the walk.
extern long depth_least, depth_most; // depth_most -1: any
extern bool contents_first, one_device;
extern int status; // to end with

// Runs what is left of -exec ... {} +.
void finish(void);
