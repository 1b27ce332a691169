// Redirections, and the way back from them.
#pragma once
#include <stdbool.h>
#include "tree.h"

struct saved {
	struct saved *next;
	int fd, copy; // copy -1: it was closed
};

// Does what the list says; what it replaced is kept in *saved, if not NULL.
bool redirect(struct redirect *list, struct saved **saved);
void redirect_undo(struct saved *saved);
int move_high(int fd); // out of the way of the user's numbers
