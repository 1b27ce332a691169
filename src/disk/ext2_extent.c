#include "disk/ext2_extent.h"
#include "disk/ext2_alloc.h"

#define MAGIC 0xf30a
#define DEPTH_MOST 5 // levels above the lowest, as Linux has it
#define WRITTEN_MOST 32768 // blocks; a longer one was never written

// A node, in the inode or in a block of its own: this, then entries in order.
struct head {
	uint16_t magic, entries, most, depth;
	uint32_t generation;
};

struct branch { // of a node with depth > 0
	uint32_t first; // block of the file
	uint32_t below; // the node on the disk
	uint16_t below_high, unused;
};

struct leaf { // of one with depth 0
	uint32_t first;
	uint16_t count, start_high;
	uint32_t start; // on the disk
};

_Static_assert(sizeof(struct branch) == sizeof(struct leaf), "");
_Static_assert(sizeof(struct head) == sizeof(struct leaf), "");

static int64_t corrupt(struct ext2_inode *e)
{
	return ext2_corrupt(e->fs, "extents of inode", e->inode.ino);
}

static bool head_valid(const struct head *head, size_t bytes, unsigned depth)
{
	return head->magic == MAGIC && head->depth == depth &&
	       head->entries <= head->most &&
	       head->most <= bytes / sizeof(struct leaf) - 1;
}

// The last entry that begins at the block or before it; NULL: none does.  The
// first word of both kinds says where they begin.
static const void *entry_find(const struct head *head, uint32_t index)
{
	const struct leaf *low = (const struct leaf *)(head + 1);
	const struct leaf *high = low + head->entries;

	while (low < high) {
		const struct leaf *middle = low + (high - low) / 2;

		if (middle->first <= index)
			low = middle + 1;
		else
			high = middle;
	}
	low--;
	return (const struct head *)low == head ? NULL : low;
}

// The node below a branch, whose page may go when this pass ends.
static int64_t node_below(struct ext2_inode *e, const struct branch *branch,
                          const struct head **out)
{
	struct cache_page *page;
	int64_t err;

	if (branch->below_high || !ext2_block_ours(e->fs, branch->below))
		return corrupt(e);
	err = cache_get(&e->fs->meta, branch->below, &page);
	if (!err)
		*out = page->data;
	return err;
}

static int64_t leaf_map(struct ext2_inode *e, const struct leaf *leaf,
                        uint32_t index, uint32_t *out)
{
	uint32_t inside = index - leaf->first;

	if (inside >= leaf->count || leaf->count > WRITTEN_MOST)
		return 0;
	if (leaf->start_high || leaf->start + inside < leaf->start ||
	    !ext2_block_ours(e->fs, leaf->start + inside))
		return corrupt(e);
	*out = leaf->start + inside;
	return 0;
}

int64_t ext2_extent_map(struct ext2_inode *e, uint64_t index, uint32_t *out)
{
	const struct head *head = (const struct head *)e->raw->block;
	size_t bytes = sizeof e->raw->block;
	unsigned depth = head->depth;

	*out = 0;
	if (index > UINT32_MAX || depth > DEPTH_MOST)
		return index > UINT32_MAX ? 0 : corrupt(e);
	for (;; depth--) {
		const void *entry;
		int64_t err;

		if (!head_valid(head, bytes, depth))
			return corrupt(e);
		entry = entry_find(head, index);
		if (entry == NULL || depth == 0)
			return entry ? leaf_map(e, entry, index, out) : 0;
		err = node_below(e, entry, &head);
		if (err)
			return err;
		bytes = e->fs->block_size;
	}
}
