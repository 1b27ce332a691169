// From a path to its inode.  A walk may have to wait for a directory that is
// not in memory; then it starts again from the beginning.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include "process/process.h"

#define PATH_LONGEST 4096 // with its NUL
#define PATH_LINKS 40 // symbolic links followed in one walk
#define AT_FDCWD (-100)

// How to walk.
enum {
	PATH_NOFOLLOW = 1, // the last name, if it is a link, is meant
	PATH_EMPTY = 2, // an empty path means the base itself
	PATH_PARENT = 4, // stop before the last name
	PATH_CREATE = 8, // the last name need not be there
};

// base: where a path without a leading slash starts, NULL for the process's
// directory.  *out gets a reference.  0 or an error.
int64_t path_lookup(struct process *process, struct inode *base,
                    const char *path, unsigned flags, struct inode **out);

// The same for a system call's descriptor and user address.
int64_t path_lookup_at(struct process *process, uint64_t dirfd,
                       uint64_t address, unsigned flags, struct inode **out);

// The last name of the path and the directory that it is looked for in.  The
// name lies in a buffer that the next walk overwrites.
int64_t path_parent_at(struct process *process, uint64_t dirfd,
                       uint64_t address, struct path_end *out);

// What has the path; if only its last name is not there, *out is NULL, and
// *end says where it would be.
int64_t path_create_at(struct process *process, uint64_t dirfd,
                       uint64_t address, unsigned flags, struct path_end *end,
                       struct inode **out);

// "." and "..", which are neither made nor removed, and the root's no name.
static inline bool path_is_special(const struct path_end *end)
{
	return end->size == 0 ||
	       (end->name[0] == '.' &&
	        (end->size == 1 || (end->size == 2 && end->name[1] == '.')));
}

// One step: the entry of that name, links not followed.  0 or an error.
int64_t path_step(struct inode *directory, const char *name, size_t size,
                  struct inode **out);
