// Changing directories: names that come, go, or lead elsewhere.
#include "disk/ext2_directory.h"
#include "disk/ext2_entry.h"
#include "disk/ext2_index.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "lib/errno.h"
#include "lib/string.h"

// What we change makes sense afterwards as it did before.  All others who
// change the page take it for something else, in an image that is corrupt, and
// then its entries have to be looked at again.
static int64_t change(struct ext2_inode *dir, struct cache_page *page,
                      void *at, size_t size)
{
	bool checked = page->checked;
	int64_t err;

	dir->raw->flags &= ~EXT2_FLAG_INDEX;
	ext2_directory_forget(dir);
	err = journal_change(&dir->fs->journal, page, at, size);
	page->checked = checked;
	return err;
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
// place of one that is not used.  -ENOSPC: there is no such entry, and `room`
// says how much there is.
static int64_t add_in(struct ext2_inode *dir, struct cache_page *page,
                      const struct ext2_entry *new, const char *name,
                      struct ext2_entry **added, unsigned *room)
{
	unsigned need = ext2_entry_size(new->name_size), own;
	struct ext2_entry *at = NULL;
	int64_t err;

	*room = 0;
	EXT2_EACH_ENTRY(entry, dir, page) {
		unsigned this = ext2_entry_room(entry);

		*room = this > *room ? this : *room;
		if (this >= need) {
			at = entry;
			break;
		}
	}
	if (at == NULL)
		return -ENOSPC;
	own = at->length - ext2_entry_room(at);
	err = change(dir, page, at, own + need);
	if (err)
		return err;
	*added = (void *)((char *)at + own);
	(*added)->length = at->length - own;
	if (own)
		at->length = own;
	entry_fill(*added, name, new->name_size, new->inode, new->type);
	return 0;
}

// One more block, with a single empty entry.
static int64_t directory_grow(struct ext2_inode *dir, struct cache_page **page)
{
	struct ext2 *fs = dir->fs;
	struct ext2_entry *entry;
	uint32_t block;
	bool fresh;
	int64_t err = ext2_map_alloc(dir, ext2_directory_blocks(dir), &block,
	                             &fresh);

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

// Into this block, with what the index has to know.
static int64_t add_to(struct ext2_inode *dir, uint32_t block,
                      struct cache_page *page, const struct ext2_entry *new,
                      const char *name)
{
	struct ext2_entry *added;
	struct ext2_name at;
	unsigned room;
	int64_t err = add_in(dir, page, new, name, &added, &room);

	if (err == -ENOSPC)
		ext2_index_full(dir, block, room);
	if (err || dir->index == NULL)
		return err;
	at = ext2_name_at(page, block, added);
	ext2_index_add(dir, &at);
	return 0;
}

// Without an index, blocks in which a name did not fit are passed over until
// one goes from there; with one, those in which none would.
int64_t ext2_entry_add(struct ext2_inode *dir, const char *name, size_t size,
                       uint32_t ino, uint32_t mode)
{
	struct ext2_entry new = { .inode = ino,
		                  .name_size = size,
		                  .type = ext2_entry_type(dir->fs, mode) };
	struct cache_page *page;
	int64_t err = -ENOSPC;
	uint32_t n;

	for (n = dir->room; n < ext2_directory_blocks(dir); n++) {
		if (n == dir->room && !ext2_index_fits(dir, n, EXT2_SMALLEST))
			dir->room++;
		if (!ext2_index_fits(dir, n, ext2_entry_size(size)))
			continue;
		err = ext2_directory_block(dir, n, &page);
		if (!err)
			err = add_to(dir, n, page, &new, name);
		if (err != -ENOSPC)
			return err;
		if (dir->index == NULL)
			dir->room = n;
	}
	err = directory_grow(dir, &page);
	return err ? err : add_to(dir, n, page, &new, name);
}

// The one before the entry in its block; NULL: it is the first.
static int64_t before(struct ext2_inode *dir, const struct ext2_place *place,
                      struct ext2_entry **out)
{
	*out = NULL;
	EXT2_EACH_ENTRY(entry, dir, place->page) {
		if (entry == place->entry)
			return 0;
		*out = entry;
	}
	return ext2_corrupt(dir->fs, "index of directory", dir->inode.ino);
}

int64_t ext2_entry_remove(struct ext2_inode *dir, struct ext2_place *place)
{
	struct ext2_name at =
		ext2_name_at(place->page, place->block, place->entry);
	struct ext2_entry *into;
	int64_t err = before(dir, place, &into);

	if (!err)
		err = change(dir, place->page, into ? into : place->entry,
		             EXT2_ENTRY_HEAD);
	if (err)
		return err;
	if (into)
		into->length += place->entry->length;
	else
		place->entry->inode = 0;
	ext2_index_remove(dir, &at,
	                  ext2_entry_room(into ? into : place->entry));
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
	place->entry->type = ext2_entry_type(dir->fs, mode);
	return 0;
}

int64_t ext2_directory_new(struct ext2_inode *dir, uint32_t parent)
{
	uint8_t type = ext2_entry_type(dir->fs, S_IFDIR);
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
