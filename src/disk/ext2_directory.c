#include "disk/ext2_directory.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "lib/errno.h"
#include "lib/string.h"

// Types in entries, by S_IFMT >> 12 (filetype), and back.
static const uint8_t type_of[16] = {
	[001] = 5, [002] = 3, [004] = 2, [006] = 4,
	[010] = 1, [012] = 7, [014] = 6,
};
static const uint32_t mode_of[8] = {
	0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK,
};

static uint8_t entry_type(const struct ext2 *fs, uint32_t mode)
{
	bool typed = fs->super->incompatible & EXT2_INCOMPAT_FILETYPE;

	return typed ? type_of[mode >> 12 & 15] : 0;
}

static uint32_t blocks_of(const struct ext2_inode *dir)
{
	return dir->inode.size / dir->fs->block_size;
}

static int64_t block_get(struct ext2_inode *dir, uint32_t index,
                         struct cache_page **page)
{
	uint32_t block;
	int64_t err = ext2_map(dir, index, &block);

	if (!err && block == 0)
		err = ext2_corrupt(dir->fs, "hole in directory",
		                   dir->inode.ino);
	return err ? err : cache_get(&dir->fs->meta, block, page);
}

static bool entry_valid(const struct ext2 *fs, const struct ext2_entry *entry,
                        size_t room)
{
	return room >= EXT2_ENTRY_HEAD && entry->length % 4 == 0 &&
	       entry->length >= ext2_entry_size(entry->name_size) &&
	       entry->length <= room && entry->inode <= fs->super->inodes &&
	       (entry->inode == 0 || entry->name_size != 0);
}

// The entry at `at` of the block, or NULL at its end; *err is set for one that
// makes no sense.
static struct ext2_entry *entry_at(struct ext2_inode *dir,
                                   struct cache_page *page, size_t at,
                                   int64_t *err)
{
	size_t size = dir->fs->block_size;
	struct ext2_entry *entry = (void *)((char *)page->data + at);

	if (at >= size)
		return NULL;
	if (entry_valid(dir->fs, entry, size - at))
		return entry;
	*err = ext2_corrupt(dir->fs, "entries of directory", dir->inode.ino);
	return NULL;
}

// ---- looking ----

// All of a block is checked once, when it comes into memory; from then on only
// we change it.
static int64_t block_check(struct ext2_inode *dir, struct cache_page *page)
{
	struct ext2_entry *entry;
	int64_t err = 0;

	if (page->checked)
		return 0;
	for (size_t at = 0; (entry = entry_at(dir, page, at, &err)) != NULL;
	     at += entry->length)
		;
	page->checked = !err;
	return err;
}

static bool entry_is(const struct ext2_entry *entry, const char *name,
                     size_t size)
{
	return entry->name_size == size && entry->name[0] == name[0] &&
	       entry->name[size - 1] == name[size - 1] && entry->inode &&
	       memcmp(entry->name, name, size) == 0;
}

static int64_t find_in(struct ext2_inode *dir, struct cache_page *page,
                       const char *name, size_t size, struct ext2_place *place)
{
	struct ext2_entry *entry, *before = NULL;
	char *start = page->data, *end = start + dir->fs->block_size;
	int64_t err = block_check(dir, page);

	if (err)
		return err;
	for (char *at = start; at < end; at += entry->length) {
		entry = (struct ext2_entry *)at;
		if (entry_is(entry, name, size)) {
			place->page = page;
			place->entry = entry;
			place->before = before;
			return 0;
		}
		before = entry;
	}
	return -ENOENT;
}

// The name that was not found last: who makes it looks for it first, and so do
// we.
static struct {
	const struct ext2_inode *dir;
	size_t size;
	char name[NAME_LONGEST];
} missing;

static bool is_missing(const struct ext2_inode *dir, const char *name,
                       size_t size)
{
	return missing.dir == dir && missing.size == size &&
	       memcmp(missing.name, name, size) == 0;
}

static void note_missing(const struct ext2_inode *dir, const char *name,
                         size_t size)
{
	missing.dir = size <= NAME_LONGEST ? dir : NULL;
	if (missing.dir)
		memcpy(missing.name, name, missing.size = size);
}

void ext2_directory_forget(const struct ext2_inode *dir)
{
	if (missing.dir == dir)
		missing.dir = NULL;
}

// From where the last one was found, and round: names are often asked for in
// the order they lie in.
int64_t ext2_entry_find(struct ext2_inode *dir, const char *name, size_t size,
                        struct ext2_place *place)
{
	uint32_t blocks = blocks_of(dir), n = dir->found;
	int64_t err = -ENOENT;

	if (size == 0 || is_missing(dir, name, size))
		return -ENOENT;
	for (uint32_t i = 0; i < blocks && err == -ENOENT; i++, n++) {
		struct cache_page *page;

		if (n >= blocks)
			n = 0;
		err = block_get(dir, n, &page);
		if (!err)
			err = find_in(dir, page, name, size, place);
		if (!err)
			dir->found = place->block = n;
	}
	if (err == -ENOENT)
		note_missing(dir, name, size);
	return err;
}

int64_t ext2_lookup(struct inode *dir, const char *name, size_t size,
                    struct inode **out)
{
	struct ext2_inode *e;
	struct ext2_place place;
	int64_t err = ext2_entry_find(ext2_of(dir), name, size, &place);

	if (!err)
		err = ext2_inode_get(ext2_of(dir)->fs, place.entry->inode,
		                     false, &e);
	if (!err)
		*out = &e->inode;
	return err;
}

static bool is_dots(const struct ext2_entry *entry)
{
	return entry->name[0] == '.' &&
	       (entry->name_size == 1 ||
	        (entry->name_size == 2 && entry->name[1] == '.'));
}

int64_t ext2_directory_empty(struct ext2_inode *dir)
{
	int64_t err = 0;

	for (uint32_t n = 0; n < blocks_of(dir) && !err; n++) {
		struct cache_page *page;
		struct ext2_entry *entry;

		err = block_get(dir, n, &page);
		if (err)
			return err;
		for (size_t at = 0;
		     (entry = entry_at(dir, page, at, &err)) != NULL;
		     at += entry->length)
			if (entry->inode && !is_dots(entry))
				return -ENOTEMPTY;
	}
	return err;
}

// Tells of one block's entries that begin at `from` or later.
static int64_t list_block(struct ext2_inode *dir, struct cache_page *page,
                          uint64_t start, uint64_t from, entry_sink sink,
                          void *arg)
{
	struct ext2_entry *entry;
	int64_t err = 0;

	for (size_t at = 0; (entry = entry_at(dir, page, at, &err)) != NULL;
	     at += entry->length) {
		struct entry told = {
			.name = entry->name,
			.size = entry->name_size,
			.ino = entry->inode,
			.mode = mode_of[entry->type & 7],
			.next = start + at + entry->length,
		};

		if (entry->inode && start + at >= from && !sink(arg, &told))
			return 1;
	}
	return err;
}

int64_t ext2_list(struct inode *inode, uint64_t from, entry_sink sink,
                  void *arg)
{
	struct ext2_inode *dir = ext2_of(inode);
	uint32_t size = dir->fs->block_size;
	int64_t err = 0;

	for (uint64_t n = from / size; n < blocks_of(dir) && !err; n++) {
		struct cache_page *page;

		err = block_get(dir, n, &page);
		if (!err)
			err = list_block(dir, page, n * size, from, sink, arg);
	}
	return err == 1 ? 0 : err;
}

// ---- changing ----

static int64_t change(struct ext2_inode *dir, struct cache_page *page,
                      void *at, size_t size)
{
	dir->raw->flags &= ~EXT2_FLAG_INDEX;
	ext2_directory_forget(dir);
	return journal_change(&dir->fs->journal, page, at, size);
}

static void entry_fill(struct ext2_entry *entry, const char *name, size_t size,
                       uint32_t ino, uint8_t type)
{
	entry->inode = ino;
	entry->name_size = size;
	entry->type = type;
	memcpy(entry->name, name, size);
}

// Puts the name behind an entry that is longer than it needs to be, or in
// place of one that is not used.  -ENOSPC: there is no such entry.
static int64_t add_in(struct ext2_inode *dir, struct cache_page *page,
                      const char *name, size_t size, uint32_t ino, uint8_t type)
{
	unsigned need = ext2_entry_size(size);
	struct ext2_entry *entry;
	int64_t err = -ENOSPC;

	for (size_t at = 0; (entry = entry_at(dir, page, at, &err)) != NULL;
	     at += entry->length) {
		unsigned own = entry->inode ? ext2_entry_size(entry->name_size)
		                            : 0;
		struct ext2_entry *add = (void *)((char *)entry + own);
		uint16_t length = entry->length - own;

		if (length < need || entry->length < own)
			continue;
		err = change(dir, page, entry, own + need);
		if (err)
			return err;
		if (own)
			entry->length = own;
		add->length = length;
		entry_fill(add, name, size, ino, type);
		return 0;
	}
	return err;
}

// One more block, with a single empty entry.
static int64_t directory_grow(struct ext2_inode *dir, struct cache_page **page)
{
	struct ext2 *fs = dir->fs;
	struct ext2_entry *entry;
	uint32_t block;
	bool fresh;
	int64_t err = ext2_map_alloc(dir, blocks_of(dir), &block, &fresh);

	if (!err && !fresh)
		err = ext2_corrupt(fs, "blocks behind directory",
		                   dir->inode.ino);
	if (!err)
		err = ext2_map_fill(dir, block, page);
	if (err)
		return err;
	entry = (*page)->data;
	entry->length = fs->block_size;
	ext2_set_size(dir, dir->inode.size + fs->block_size);
	return 0;
}

int64_t ext2_entry_add(struct ext2_inode *dir, const char *name, size_t size,
                       uint32_t ino, uint32_t mode)
{
	uint8_t type = entry_type(dir->fs, mode);
	struct cache_page *page;
	int64_t err = -ENOSPC;

	for (uint32_t n = dir->room; n < blocks_of(dir); n++) {
		err = block_get(dir, n, &page);
		if (!err)
			err = add_in(dir, page, name, size, ino, type);
		if (err != -ENOSPC)
			return err;
		dir->room = n;
	}
	err = directory_grow(dir, &page);
	return err ? err : add_in(dir, page, name, size, ino, type);
}

int64_t ext2_entry_remove(struct ext2_inode *dir, struct ext2_place *place)
{
	struct ext2_entry *change_at =
		place->before ? place->before : place->entry;
	int64_t err = change(dir, place->page, change_at, EXT2_ENTRY_HEAD);

	if (err)
		return err;
	if (place->before)
		place->before->length += place->entry->length;
	else
		place->entry->inode = 0;
	if (place->block < dir->room)
		dir->room = place->block;
	return 0;
}

int64_t ext2_entry_set(struct ext2_inode *dir, struct ext2_place *place,
                       uint32_t ino, uint32_t mode)
{
	int64_t err = change(dir, place->page, place->entry, EXT2_ENTRY_HEAD);

	if (err)
		return err;
	place->entry->inode = ino;
	place->entry->type = entry_type(dir->fs, mode);
	return 0;
}

int64_t ext2_directory_new(struct ext2_inode *dir, uint32_t parent)
{
	uint8_t type = entry_type(dir->fs, S_IFDIR);
	struct cache_page *page;
	struct ext2_entry *dot, *dots;
	int64_t err = directory_grow(dir, &page);

	if (err)
		return err;
	dot = page->data;
	dots = (void *)((char *)dot + ext2_entry_size(1));
	entry_fill(dot, ".", 1, dir->inode.ino, type);
	dot->length = ext2_entry_size(1);
	entry_fill(dots, "..", 2, parent, type);
	dots->length = dir->fs->block_size - dot->length;
	return 0;
}
