// The contents of files.
#pragma once
#include "disk/ext2.h"

// Puts `size` bytes into memory that lies in one page.  It cannot fail, as the
// caller has made sure.
typedef void (*ext2_source)(void *arg, void *to, size_t size);

// Writes up to the end of one page: so many bytes, an error, or PENDING.
int64_t ext2_write_some(struct ext2_inode *e, uint64_t offset, size_t size,
                        ext2_source source, void *arg);

// All of it from kernel memory, as far as it goes without waiting.
int64_t ext2_write(struct inode *inode, uint64_t offset, const void *from,
                   size_t size);

// Bytes, fewer only at the end, or an error.
int64_t ext2_read(struct inode *inode, uint64_t offset, void *to, size_t size);

// The page with this byte of the file, read ahead of if that is worth it.
static inline int64_t ext2_read_page(struct ext2_inode *e, uint64_t offset,
                                     struct cache_page **out)
{
	uint64_t index = offset / CACHE_PAGE;

	cache_ahead(&e->data, index,
	            (e->inode.size + CACHE_PAGE - 1) / CACHE_PAGE);
	return cache_get(&e->data, index, out);
}

// For address spaces: with a reference.  To be written: it has its blocks, and
// is dirty.
int64_t ext2_page(struct inode *inode, uint64_t index, void **frame);
int64_t ext2_page_write(struct inode *inode, uint64_t index, void **frame);
void ext2_ahead(struct inode *inode, uint64_t index, uint64_t count);

int64_t ext2_readlink(struct inode *link, char *to);

// The target of a new link, which does not fit into the inode; within the
// change that makes it.
int64_t ext2_write_link(struct ext2_inode *e, const char *target, size_t size);

// Within a change: the file gets longer.  The page with this index is going to
// be written anyway (~0: none is).
int64_t ext2_grow(struct ext2_inode *e, uint64_t size, uint64_t written);

int64_t ext2_truncate(struct inode *inode, uint64_t size);

// What was written before now is lasting; `data_only`: as far as it takes to
// read it.
int64_t ext2_fsync(struct inode *inode, bool data_only, struct sync_goal *goal);

// What of an inode is to be set.
struct ext2_attributes {
	bool set_mode, set_uid, set_gid, set_atime, set_mtime;
	uint32_t mode, uid, gid;
	struct {
		int64_t seconds;
		uint32_t nanoseconds;
	} atime, mtime;
};
int64_t ext2_set(struct inode *inode, const struct ext2_attributes *to);
