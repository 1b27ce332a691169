// Directories of ext2: blocks of entries, each of which says where the next
// one begins.  Their hash trees are not used: their blocks read as empty
// entries, and a change of the directory takes the mark of the tree away.
#pragma once
#include "disk/ext2.h"
#include "disk/ext2_index.h"

// An entry in its block.
struct ext2_place {
	struct cache_page *page;
	struct ext2_entry *entry;
	uint32_t block; // of the directory
};

// 0, -ENOENT, -EIO, PENDING.
int64_t ext2_entry_find(struct ext2_inode *dir, const char *name, size_t size,
                        struct ext2_place *place);

// Its entry for the index.
struct ext2_name ext2_name_at(struct cache_page *page, uint32_t block,
                              const struct ext2_entry *entry);

// -ENOTEMPTY if there is more than "." and "..".
int64_t ext2_directory_empty(struct ext2_inode *dir);

// Within a change that covers the directory's inode (ext2_edit.c).
int64_t ext2_entry_add(struct ext2_inode *dir, const char *name, size_t size,
                       uint32_t ino, uint32_t mode);
int64_t ext2_entry_remove(struct ext2_inode *dir, struct ext2_place *place);
int64_t ext2_entry_set(struct ext2_inode *dir, struct ext2_place *place,
                       uint32_t ino, uint32_t mode);

// "." and ".." of a new one.
int64_t ext2_directory_new(struct ext2_inode *dir, uint32_t parent);

// The inode goes: nothing is remembered of it.
void ext2_directory_forget(const struct ext2_inode *dir);

int64_t ext2_above(struct inode *inode, struct inode **out);
int64_t ext2_lookup(struct inode *dir, const char *name, size_t size,
                    struct inode **out);
int64_t ext2_list(struct inode *dir, uint64_t from, entry_sink sink, void *arg);
