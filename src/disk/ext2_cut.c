// Cutting a file: its blocks are freed from the end, some in each change.
#include "disk/ext2_alloc.h"
#include "disk/ext2_map.h"
#include "lib/errno.h"

// What one change may do: each block may lie in a group of its own, with a
// bitmap and a descriptor of its own; each indirect block is changed itself.
// With the inode, the superblock, and an orphan's last change (another's link
// to it, its attributes, and bitmaps and descriptors of those and of itself)
// that makes JOURNAL_CREDITS.
#define CUT_GROUPS 6
#define CUT_BLOCKS 32
#define CUT_INDIRECT 8
#define CUT_METADATA 12 // blocks of directories, each known to the journal

struct cut {
	struct ext2_inode *e;
	unsigned blocks, groups, indirect; // that may still be
	uint32_t group; // of the block that was freed last
	bool full;
};

static int64_t cut_block(struct cut *cut, uint32_t block, bool metadata)
{
	struct ext2 *fs = cut->e->fs;
	uint32_t sectors = fs->block_size / 512;
	uint32_t group = (block - fs->super->first_block) /
	                 fs->super->blocks_per_group;
	int64_t err;

	if (group != cut->group && cut->groups-- == 0)
		cut->full = true;
	if (cut->full || cut->blocks == 0) {
		cut->full = true;
		return 0;
	}
	cut->group = group;
	cut->blocks--;
	err = ext2_block_free(fs, block, metadata);
	if (err)
		return err;
	if (cut->e->raw->sectors >= sectors)
		cut->e->raw->sectors -= sectors;
	return 0;
}

// Frees what one pointer leads to.
static int64_t cut_slot(struct cut *cut, struct cache_page *page,
                        uint32_t *slot, bool metadata)
{
	int64_t err = journal_change(&cut->e->fs->journal, page, slot,
	                             sizeof *slot);

	if (!err)
		err = cut_block(cut, *slot, metadata);
	if (!err && !cut->full)
		*slot = 0;
	return err;
}

static bool cut_data_is_metadata(const struct cut *cut)
{
	return inode_is(&cut->e->inode, S_IFDIR);
}

static int64_t cut_tree(struct cut *cut, struct cache_page *page,
                        uint32_t *slot, unsigned depth, uint64_t from);

// Without the zeroes at their end, which are most where much was cut already.
static uint64_t slots_used(const uint32_t *slots, uint64_t n)
{
	const uint64_t *pairs = (const void *)slots;

	for (; n % 8 == 0 && n; n -= 8)
		if (pairs[n / 2 - 1] | pairs[n / 2 - 2] | pairs[n / 2 - 3] |
		    pairs[n / 2 - 4])
			break;
	while (n && slots[n - 1] == 0)
		n--;
	return n;
}

// The pointers of an indirect block of `depth`, from the last to the one that
// leads to block `from` below it.
static int64_t cut_pointers(struct cut *cut, struct cache_page *page,
                            unsigned depth, uint64_t from)
{
	uint32_t *slots = page->data;
	uint64_t span = 1;
	int64_t err = 0;

	for (unsigned i = 1; i < depth; i++)
		span *= cut->e->fs->pointers;
	for (uint64_t i = slots_used(slots, cut->e->fs->pointers);
	     !err && !cut->full; i = slots_used(slots, i - 1)) {
		uint64_t start = (i - 1) * span;

		if (i == 0 || start + span <= from)
			break;
		err = cut_tree(cut, page, &slots[i - 1], depth - 1,
		               from > start ? from - start : 0);
	}
	return err;
}

// What a pointer leads to, over `depth` indirect blocks, from block `from` on;
// and the pointer itself if all of it goes.
static int64_t cut_tree(struct cut *cut, struct cache_page *page,
                        uint32_t *slot, unsigned depth, uint64_t from)
{
	struct cache_page *below;
	int64_t err;

	if (*slot == 0)
		return 0;
	if (!ext2_block_ours(cut->e->fs, *slot))
		return ext2_corrupt(cut->e->fs, "block pointer of inode",
		                    cut->e->inode.ino);
	if (depth == 0)
		return cut_slot(cut, page, slot, cut_data_is_metadata(cut));
	if (cut->indirect-- == 0) {
		cut->indirect = 0;
		cut->full = true;
		return 0;
	}
	err = cache_get(&cut->e->fs->meta, *slot, &below);
	if (err)
		return err;
	cache_hold(below);
	err = cut_pointers(cut, below, depth, from);
	cache_release(below);
	if (err || cut->full || from)
		return err;
	return cut_slot(cut, page, slot, true);
}

int64_t ext2_map_cut(struct ext2_inode *e, uint64_t from)
{
	bool metadata = inode_is(&e->inode, S_IFDIR);
	struct cut cut = { e, metadata ? CUT_METADATA : CUT_BLOCKS,
		           CUT_GROUPS, CUT_INDIRECT, ~0u, false };
	uint64_t p = e->fs->pointers;
	uint64_t start[] = { EXT2_DIRECT, EXT2_DIRECT + p,
		             EXT2_DIRECT + p + p * p };
	int64_t err = 0;

	for (int i = 2; i >= 0 && !err && !cut.full; i--)
		if (i == 2 || from < start[i + 1])
			err = cut_tree(&cut, e->page,
			               &e->raw->block[EXT2_DIRECT + i], i + 1,
			               from > start[i] ? from - start[i] : 0);
	for (int i = EXT2_DIRECT - 1; i >= 0 && (uint64_t)i >= from; i--)
		if (!err && !cut.full && e->raw->block[i])
			err = cut_tree(&cut, e->page, &e->raw->block[i], 0, 0);
	return err ? err : cut.full;
}
