// The program that a pattern becomes: pattern.c makes it, match.c runs it.
#pragma once
#include <stdbool.h>

enum op {
	OP_CHAR,
	OP_ANY,
	OP_SET,
	OP_START, // ^
	OP_END, // $
	OP_SPLIT, // goes on at both: here + 1 and here + to
	OP_JUMP, // here + to
	OP_MATCH,
};

// Jumps are relative, so that a piece of code can be moved and copied.
struct code {
	unsigned char op, c;
	short to;
	unsigned char *set; // 32 bytes, one bit for each character
};

struct pattern {
	struct code *code;
	int count;
	bool fold, extended;
	bool first; // at the beginning of a branch
	const char *at, *problem; // while it is compiled
	int *threads[2]; // while it runs: where they stand
	int *seen, round;
};
