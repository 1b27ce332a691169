// Operations on names.  Each is one change: after a power cut all of it is
// there, or nothing.  Each answers 0, an error, or PENDING with nothing done.
#pragma once
#include "disk/ext2.h"

// What a new name is to be.
struct ext2_new {
	uint32_t mode; // with its type
	uint32_t uid, gid;
	uint32_t rdev; // of a device
	const char *target; // of a link
	size_t target_size;
};

enum { EXT2_NOREPLACE = 1, EXT2_EXCHANGE = 2 }; // as renameat2() has them

// *out, if it is wanted, gets a reference.
int64_t ext2_create(struct inode *dir, const char *name, size_t size,
                    const struct ext2_new *what, struct inode **out);
int64_t ext2_link(struct inode *inode, struct inode *dir, const char *name,
                  size_t size);
int64_t ext2_unlink(struct inode *dir, const char *name, size_t size);
int64_t ext2_rmdir(struct inode *dir, const char *name, size_t size);
int64_t ext2_rename(struct inode *dir, const char *name, size_t size,
                    struct inode *to, const char *to_name, size_t to_size,
                    unsigned flags);
