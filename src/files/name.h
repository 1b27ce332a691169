// From an inode back to its path.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include <stddef.h>

// The path from the root, built at the end of the buffer: *start gets where it
// begins.  Its length with the NUL, or an error; -ENOENT if it has no name.
int64_t name_of(struct inode *inode, char *buffer, size_t size, char **start);
