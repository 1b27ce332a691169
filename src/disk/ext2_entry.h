// The entries of a directory, block by block; each says where the next begins.
#pragma once
#include "disk/ext2.h"
#include "lib/string.h"

#define EXT2_SMALLEST 12 // bytes of an entry with a name of one letter
#define EXT2_SHORT 8

static inline uint32_t ext2_directory_blocks(const struct ext2_inode *dir)
{
	return dir->inode.size / dir->fs->block_size;
}

// Where a block of it lies on the disk.  0, -EIO, PENDING.
int64_t ext2_directory_map(struct ext2_inode *dir, uint32_t index,
                           uint32_t *block);

// A block by its place in the directory, or on the disk; its entries make
// sense.  0, -EIO, -ENOMEM, PENDING.
int64_t ext2_directory_block(struct ext2_inode *dir, uint32_t index,
                             struct cache_page **page);
int64_t ext2_directory_block_at(struct ext2_inode *dir, uint32_t block,
                                struct cache_page **page);

// The type of a file as entries have it, and back.
uint8_t ext2_entry_type(const struct ext2 *fs, uint32_t mode);
uint32_t ext2_entry_mode(const struct ext2_entry *entry);

static inline struct ext2_entry *ext2_entry_at(const struct cache_page *page,
                                               size_t at)
{
	return (struct ext2_entry *)((char *)page->data + at);
}

static inline struct ext2_entry *ext2_entry_next(const struct ext2_entry *entry)
{
	return (struct ext2_entry *)((char *)entry + entry->length);
}

// All entries of a block.
#define EXT2_EACH_ENTRY(entry, dir, page)                              \
	for (struct ext2_entry *entry = ext2_entry_at(page, 0),        \
	                       *entry##_end = ext2_entry_at(           \
				       page, (dir)->fs->block_size);   \
	     entry < entry##_end; entry = ext2_entry_next(entry))

// Bytes that another entry could have of this one.
static inline unsigned ext2_entry_room(const struct ext2_entry *entry)
{
	return entry->inode ? entry->length - ext2_entry_size(entry->name_size)
	                    : entry->length;
}

// Most names are compared sooner than a call would take.
static inline bool ext2_entry_is(const struct ext2_entry *entry,
                                 const char *name, size_t size)
{
	if (entry->name_size != size || entry->name[0] != name[0] ||
	    entry->name[size - 1] != name[size - 1] || entry->inode == 0)
		return false;
	if (size > EXT2_SHORT)
		return memcmp(entry->name, name, size) == 0;
	for (size_t i = 1; i < size; i++)
		if (entry->name[i] != name[i])
			return false;
	return true;
}
