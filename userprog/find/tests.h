// The words of an expression: tests and actions.
#pragma once
#include "find.h"

typedef bool test(const struct expression *e, struct visit *visit);

test test_true, test_not, test_and, test_or, test_newer, act_print, act_delete;

extern const struct word {
	const char *name;
	test *holds;
	enum { NOTHING, TEXT, NUMBER, SIZE, MODE, FILE_NAME, COMMAND } argument;
	bool acts;
} words[]; // ends with a name NULL
