// What the kernel tells of a file, in full: newlib's struct stat has 16 bits
// for the number of an inode.
#pragma once
#include <stdbool.h>
#include "linux.h"

// 0, or -1 with errno set.  follow: what a link leads to.
int inode_look(const char *path, bool follow, struct linux_stat *out);

static inline bool inode_same(const struct linux_stat *a,
                              const struct linux_stat *b)
{
	return a->ino == b->ino && a->dev == b->dev;
}

// "drwxr-xr-x" and a NUL.
void inode_mode(unsigned mode, char out[11]);

// "regular file", and so on.
const char *inode_type(const struct linux_stat *st);

// Linux's struct statfs, asm-generic.
struct linux_statfs {
	unsigned long type, block_size, blocks, free, available;
	unsigned long files, files_free;
	unsigned int id[2];
	unsigned long name_longest, fragment_size, flags, spare[4];
};
int inode_volume(const char *path, struct linux_statfs *out);
