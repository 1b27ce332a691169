#include "disk/ext2_map.h"
#include "disk/ext2_alloc.h"
#include "disk/ext2_extent.h"
#include "lib/errno.h"
#include "lib/string.h"

// The way from the inode to a block: which of its pointers, then which of each
// indirect block.
struct way {
	unsigned depth; // indirect blocks on it
	uint32_t slot[4];
};

uint64_t ext2_blocks_most(const struct ext2 *fs)
{
	uint64_t p = fs->pointers;
	uint64_t tree = EXT2_DIRECT + p + p * p + p * p * p;
	// The inode counts sectors in 32 bits, the indirect blocks' with them.
	uint64_t counted = (1ul << 32) / (fs->block_size / 512) / 1025 * 1024;

	return tree < counted ? tree : counted;
}

static int64_t way_find(const struct ext2 *fs, uint64_t index, struct way *way)
{
	uint64_t p = fs->pointers, span = 1;

	if (index >= ext2_blocks_most(fs))
		return -EFBIG;
	way->depth = 0;
	if (index < EXT2_DIRECT) {
		way->slot[0] = index;
		return 0;
	}
	index -= EXT2_DIRECT;
	for (way->depth = 1, span = p; index >= span; span *= p) {
		index -= span;
		way->depth++;
	}
	way->slot[0] = EXT2_DIRECT + way->depth - 1;
	for (unsigned i = 1; i <= way->depth; i++) {
		span /= p;
		way->slot[i] = index / span;
		index %= span;
	}
	return 0;
}

// A pointer was read: it may be 0, but not nonsense.
static int64_t check(struct ext2_inode *e, uint32_t block)
{
	if (block && !ext2_block_ours(e->fs, block))
		return ext2_corrupt(e->fs, "block pointer of inode",
		                    e->inode.ino);
	return 0;
}

int64_t ext2_map(struct ext2_inode *e, uint64_t index, uint32_t *out)
{
	struct way way;
	int64_t err;
	uint32_t block;

	if (ext2_has_extents(e))
		return ext2_extent_map(e, index, out);
	err = way_find(e->fs, index, &way);
	if (err)
		return err;
	block = e->raw->block[way.slot[0]];
	err = check(e, block);
	for (unsigned i = 1; !err && block && i <= way.depth; i++) {
		struct cache_page *page;

		err = cache_get(&e->fs->meta, block, &page);
		if (err)
			return err;
		block = ((uint32_t *)page->data)[way.slot[i]];
		err = check(e, block);
	}
	*out = block;
	return err;
}

// ---- growing ----

// Behind the one that the file got last; at first, in the inode's group.
static uint32_t goal_of(const struct ext2_inode *e)
{
	const struct ext2_super *s = e->fs->super;
	uint32_t group = (e->inode.ino - 1) / s->inodes_per_group;

	return e->goal ? e->goal
	               : s->first_block + group * s->blocks_per_group;
}

// Not more than the sectors that an inode can count.
static int64_t block_new(struct ext2_inode *e, uint32_t *block)
{
	uint32_t sectors = e->fs->block_size / 512;
	int64_t err;

	if (e->raw->sectors + sectors < e->raw->sectors)
		return -EFBIG;
	err = ext2_block_alloc(e->fs, goal_of(e), block);
	if (err)
		return err;
	e->goal = *block + 1;
	e->raw->sectors += sectors;
	return 0;
}

int64_t ext2_map_fill(struct ext2_inode *e, uint32_t block,
                      struct cache_page **out)
{
	struct ext2 *fs = e->fs;
	int64_t err = cache_get_new(&fs->meta, block, out);

	if (!err)
		err = journal_change(&fs->journal, *out, NULL, 0);
	if (err)
		return err;
	memset((*out)->data, 0, fs->block_size);
	(*out)->block[0] = block;
	(*out)->valid = true;
	(*out)->doomed = (*out)->checked = false;
	return 0;
}

// Fills the slot, which lies in the page, if it is empty.
static int64_t slot_fill(struct ext2_inode *e, struct cache_page *page,
                         uint32_t *slot, bool leaf, bool *fresh)
{
	struct cache_page *below;
	uint32_t block;
	int64_t err;

	*fresh = false;
	if (*slot)
		return check(e, *slot);
	err = journal_change(&e->fs->journal, page, slot, sizeof *slot);
	if (!err)
		err = block_new(e, &block);
	if (!err && !leaf)
		err = ext2_map_fill(e, block, &below);
	if (err)
		return err;
	*slot = block;
	*fresh = true;
	return 0;
}

int64_t ext2_map_alloc(struct ext2_inode *e, uint64_t index, uint32_t *out,
                       bool *fresh)
{
	struct cache_page *page = e->page;
	struct way way;
	int64_t err = way_find(e->fs, index, &way);
	uint32_t *slot;

	if (err)
		return err;
	slot = &e->raw->block[way.slot[0]];
	for (unsigned i = 0;; i++) {
		err = slot_fill(e, page, slot, i == way.depth, fresh);
		if (err || i == way.depth)
			break;
		err = cache_get(&e->fs->meta, *slot, &page);
		if (err)
			break;
		slot = (uint32_t *)page->data + way.slot[i + 1];
	}
	if (!err)
		*out = *slot;
	return err;
}
