// The mount table: which directory is covered by the root of another file
// system.  A short list, as there are a handful.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"

struct mount {
	struct inode *on; // covered; NULL: this is the root
	struct inode *root;
	const char *path, *type; // for /proc/mounts
	const char *options;
};

// Covers the directory `on` (NULL: the root of all).  References are taken
// over.  0, -EBUSY if it is covered, -ENOMEM if there are too many.
int mount_add(struct inode *on, struct inode *root, const char *path,
              const char *type, const char *options);

// The root covers nothing any more: what it covered, whose reference goes to
// the caller, as that of the root does.  NULL: it covers nothing, or is "/".
struct inode *mount_remove(struct inode *root);

// The root of all; mounted before the first process is made.
struct inode *mount_root(void);

// What covers the directory, or itself; what it covers, or itself.
struct inode *mount_up(struct inode *inode);
struct inode *mount_down(struct inode *inode);

// Whether it is the root of a file system, which no directory can lose.
bool mount_is_root(const struct inode *inode);

// The n-th mount; NULL beyond the last.
const struct mount *mount_at(int n);

// That of the inode's file system; NULL: unknown.
const struct mount *mount_of(const struct inode *inode);
