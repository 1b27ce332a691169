// tmpfs: files in memory, in /tmp.  Their pages are page frames; directories
// and names lie on the kernel heap.  It is bounded: by half of memory, and by
// what others need.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include "files/pages.h"
#include "lib/list.h"

struct tmp_entry;

struct tmp_inode {
	struct inode inode; // first: an inode of ours is that
	uint64_t atime, mtime, ctime; // ns since 1970
	struct tmp_entry *entry; // one of its names; NULL: none is known
	union {
		struct pages pages; // of a file
		char *target; // of a link: inode.size bytes
		struct { // of a directory
			struct list entries; // in the order they were made
			uint64_t cursor; // of the last one
			struct tmp_inode *parent; // held; the root's: itself
		};
	};
};

struct tmp_entry {
	struct list node; // in its directory
	struct list hash; // among those with a similar name
	struct tmp_inode *inode; // held
	struct tmp_inode *directory;
	uint64_t cursor; // its place when the directory is listed
	uint8_t size;
	char name[]; // not terminated
};

static inline struct tmp_inode *tmp_of(const struct inode *inode)
{
	return (struct tmp_inode *)inode;
}

// A new one of the mode's type, with one reference, in no directory yet; NULL
// when out of memory, or when there are too many.
struct tmp_inode *tmp_new(uint32_t mode);

// Whether so many frames may still be used.  0, -ENOSPC, or PENDING if it may
// wait for those that others can do without.
int64_t tmp_room(size_t wanted, bool may_wait);

// Its contents, or what is known of it, have changed just now.
void tmp_touch(struct tmp_inode *tmp, bool contents);

// What is the same for all of them.
int64_t tmp_change(struct inode *inode, const struct attributes *to);
void tmp_stat(struct inode *inode, struct stat *stat);
void tmp_statfs(const struct inode *inode, struct volume *volume);
bool tmp_home(struct inode *inode, struct path_end *out);
void tmp_release(struct inode *inode);

extern const struct inode_ops tmp_file_ops; // tmpdata.c
extern const struct inode_ops tmp_directory_ops; // tmpdir.c
extern const struct inode_ops tmp_link_ops, tmp_fifo_ops;
void tmpdir_init(void);

// Mounts it.
void tmpfs_init(void);
