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
	const char *disk; // it is on; NULL: on none
};

// Covers the directory `on` (NULL: the root of all).  References are taken
// over; the strings stay the caller's.  0, -EBUSY if it is covered, -ENOMEM if
// there are too many.
int mount_add(const struct mount *mount);

// Another root of all takes the first one's place; the others still cover what
// they did.  The old one, which is not let go of.
struct mount mount_exchange(const struct mount *root);

// The n-th mount, none but the first, covers that directory from now on, whose
// reference is taken over; that of the one before goes to the caller.
struct inode *mount_move(int n, struct inode *on);

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
