// Whole trees are copied and removed: for cp, mv and rm.  All say what went
// wrong and return 1 then, else 0.
#pragma once
#include <stdbool.h>

struct copying {
	bool recursive; // directories too; links are copied as links
	bool keep; // permissions and times
};
int copy_tree(const char *from, const char *to, const struct copying *how);

// force: what is not there is no mistake.
int remove_tree(const char *path, bool recursive, bool force);
