#include "disk/ext2_entry.h"
#include "disk/ext2_map.h"
#include "lib/errno.h"

// Types in entries, by S_IFMT >> 12 (filetype), and back.
static const uint8_t type_of[16] = {
	[001] = 5, [002] = 3, [004] = 2, [006] = 4,
	[010] = 1, [012] = 7, [014] = 6,
};
static const uint32_t mode_of[8] = {
	0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK,
};

uint8_t ext2_entry_type(const struct ext2 *fs, uint32_t mode)
{
	bool typed = fs->super->incompatible & EXT2_INCOMPAT_FILETYPE;

	return typed ? type_of[mode >> 12 & 15] : 0;
}

uint32_t ext2_entry_mode(const struct ext2_entry *entry)
{
	return mode_of[entry->type & 7];
}

int64_t ext2_directory_map(struct ext2_inode *dir, uint32_t index,
                           uint32_t *block)
{
	int64_t err = ext2_map(dir, index, block);

	if (!err && *block == 0)
		err = ext2_corrupt(dir->fs, "hole in directory",
		                   dir->inode.ino);
	return err;
}

static bool entry_valid(const struct ext2 *fs, const struct ext2_entry *entry,
                        size_t room)
{
	return room >= EXT2_ENTRY_HEAD && entry->length % 4 == 0 &&
	       entry->length >= ext2_entry_size(entry->name_size) &&
	       entry->length <= room && entry->inode <= fs->super->inodes &&
	       (entry->inode == 0 || entry->name_size != 0);
}

// All of a block is checked once, when it comes into memory; and again if it is
// changed as something else than a part of a directory.
static int64_t check(struct ext2_inode *dir, struct cache_page *page)
{
	size_t size = dir->fs->block_size, at = 0;

	while (at < size) {
		struct ext2_entry *entry = ext2_entry_at(page, at);

		if (!entry_valid(dir->fs, entry, size - at))
			return ext2_corrupt(dir->fs, "entries of directory",
			                    dir->inode.ino);
		at += entry->length;
	}
	page->checked = true;
	return 0;
}

int64_t ext2_directory_block_at(struct ext2_inode *dir, uint32_t block,
                                struct cache_page **page)
{
	int64_t err = cache_get(&dir->fs->meta, block, page);

	return err || (*page)->checked ? err : check(dir, *page);
}

int64_t ext2_directory_block(struct ext2_inode *dir, uint32_t index,
                             struct cache_page **page)
{
	uint32_t block;
	int64_t err = ext2_directory_map(dir, index, &block);

	return err ? err : ext2_directory_block_at(dir, block, page);
}
