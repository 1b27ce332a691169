#include "disk/ext2_directory.h"
#include "disk/ext2_entry.h"
#include "disk/ext2_index.h"
#include "disk/ext2_inode.h"
#include "lib/errno.h"
#include "lib/string.h"

// ---- large directories ----

struct ext2_name ext2_name_at(struct cache_page *page, uint32_t block,
                                const struct ext2_entry *entry)
{
	return (struct ext2_name){
		.hash = ext2_index_hash(entry->name, entry->name_size),
		.block = block,
		.at = (const char *)entry - (char *)page->data,
	};
}

// Puts the next of its names into the index.
static int64_t index_block(struct ext2_inode *dir, uint32_t block,
                           struct ext2_index_part *part)
{
	size_t size = dir->fs->block_size;
	struct cache_page *page;
	int64_t err = ext2_directory_block(dir, block, &page);

	if (err)
		return err;
	cache_hold(page);
	for (; part->at < size && part->budget && !err; part->budget--) {
		struct ext2_entry *entry = ext2_entry_at(page, part->at);
		struct ext2_name name = ext2_name_at(page, block, entry);
		unsigned room = ext2_entry_room(entry);

		part->room = room > part->room ? room : part->room;
		if (entry->inode)
			err = ext2_index_put(dir, &name);
		part->at += entry->length;
	}
	cache_release(page);
	if (err || part->at < size)
		return err;
	return ext2_index_room(dir, block, part->room);
}

// The entry is what the index says, unless another name has the same hash.
static int64_t look_at(struct ext2_inode *dir, const struct ext2_name *at,
                       const char *name, size_t size, struct ext2_place *place)
{
	int64_t err = ext2_directory_block(dir, at->block, &place->page);

	if (err)
		return err;
	place->block = at->block;
	place->entry = ext2_entry_at(place->page, at->at);
	return at->at + ext2_entry_size(size) <= dir->fs->block_size &&
	                       ext2_entry_is(place->entry, name, size)
	               ? 0
	               : -ENOENT;
}

static int64_t find_by_index(struct ext2_inode *dir, const char *name,
                             size_t size, struct ext2_place *place)
{
	uint32_t hash = ext2_index_hash(name, size);
	int64_t err = -ENOENT;

	ext2_index_hold(dir);
	for (const struct ext2_name *at = ext2_index_first(dir, hash);
	     at && err == -ENOENT; at = ext2_index_next(dir, at))
		err = look_at(dir, at, name, size, place);
	ext2_index_release();
	return err;
}

// ---- names that are asked for ----

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

// That in which a name was found last; what a directory consists of stays until
// all of it goes.
static int64_t found_get(struct ext2_inode *dir, struct cache_page **page)
{
	int64_t err = 0;

	if (dir->found_at == 0)
		err = ext2_directory_map(dir, dir->found, &dir->found_at);
	return err ? err : ext2_directory_block_at(dir, dir->found_at, page);
}

static int64_t find_in(struct ext2_inode *dir, struct cache_page *page,
                       const char *name, size_t size, struct ext2_place *place)
{
	EXT2_EACH_ENTRY(entry, dir, page)
		if (ext2_entry_is(entry, name, size)) {
			place->page = page;
			place->entry = entry;
			return 0;
		}
	return -ENOENT;
}

// From where the last one was found, and round: names are often asked for in
// the order they lie in.
static int64_t find_by_looking(struct ext2_inode *dir, const char *name,
                               size_t size, struct ext2_place *place)
{
	uint32_t blocks = ext2_directory_blocks(dir);
	uint32_t n = dir->found < blocks ? dir->found : 0;
	int64_t err = -ENOENT;

	for (uint32_t i = 0; i < blocks && err == -ENOENT; i++) {
		struct cache_page *page;

		err = n == dir->found ? found_get(dir, &page)
		                      : ext2_directory_block(dir, n, &page);
		if (!err)
			err = find_in(dir, page, name, size, place);
		if (err != -ENOENT)
			break;
		n = n + 1 < blocks ? n + 1 : 0;
	}
	if (err)
		return err;
	if (n != dir->found)
		dir->found_at = 0;
	dir->found = place->block = n;
	return 0;
}

int64_t ext2_entry_find(struct ext2_inode *dir, const char *name, size_t size,
                        struct ext2_place *place)
{
	int64_t err;

	if (size == 0 || is_missing(dir, name, size))
		return -ENOENT;
	err = ext2_index_ready(dir, index_block);
	if (err == 0)
		err = find_by_index(dir, name, size, place);
	else if (err == 1)
		err = find_by_looking(dir, name, size, place);
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
	if (err)
		return err;
	e->above = dir->ino;
	*out = &e->inode;
	return 0;
}

// A hint: the file may be elsewhere by now, and the directory gone.
int64_t ext2_above(struct inode *inode, struct inode **out)
{
	struct ext2_inode *e = ext2_of(inode), *dir;
	int64_t err = -ENOENT;

	if (e->above)
		err = ext2_inode_get(e->fs, e->above, true, &dir);
	if (!err)
		*out = &dir->inode;
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
	for (uint32_t n = 0; n < ext2_directory_blocks(dir); n++) {
		struct cache_page *page;
		int64_t err = ext2_directory_block(dir, n, &page);

		if (err)
			return err;
		EXT2_EACH_ENTRY(entry, dir, page)
			if (entry->inode && !is_dots(entry))
				return -ENOTEMPTY;
	}
	return 0;
}

// Tells of one block's entries that begin at `from` or later.
static int64_t list_block(struct ext2_inode *dir, struct cache_page *page,
                          uint64_t start, uint64_t from, entry_sink sink,
                          void *arg)
{
	uint64_t at = start;

	EXT2_EACH_ENTRY(entry, dir, page) {
		struct entry told = {
			.name = entry->name,
			.size = entry->name_size,
			.ino = entry->inode,
			.mode = ext2_entry_mode(entry),
			.next = at + entry->length,
		};

		if (entry->inode && at >= from && !sink(arg, &told))
			return 1;
		at = told.next;
	}
	return 0;
}

int64_t ext2_list(struct inode *inode, uint64_t from, entry_sink sink,
                  void *arg)
{
	struct ext2_inode *dir = ext2_of(inode);
	uint32_t size = dir->fs->block_size;
	uint64_t blocks = ext2_directory_blocks(dir);
	int64_t err = 0;

	for (uint64_t n = from / size; n < blocks && !err; n++) {
		struct cache_page *page;

		err = ext2_directory_block(dir, n, &page);
		if (!err)
			err = list_block(dir, page, n * size, from, sink, arg);
	}
	return err == 1 ? 0 : err;
}
