#include "disk/ext2_alloc.h"
#include "disk/park.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/page.h"

#define WORD 64

static uint32_t group_of(const struct ext2 *fs, uint32_t block)
{
	return (block - fs->super->first_block) / fs->super->blocks_per_group;
}

static uint32_t group_first(const struct ext2 *fs, uint32_t group)
{
	return fs->super->first_block + group * fs->super->blocks_per_group;
}

// Bitmaps and inodes lie in their own group, unless the image has flex_bg.
bool ext2_block_ours(struct ext2 *fs, uint32_t block)
{
	const struct ext2_group *g;

	if (!ext2_block_valid(fs, block))
		return false;
	g = ext2_group(fs, group_of(fs, block));
	return block > fs->descriptor_blocks + fs->super->first_block &&
	       block != g->block_bitmap && block != g->inode_bitmap &&
	       (block < g->inode_table ||
	        block >= g->inode_table + fs->super->inodes_per_group /
	                                          fs->inodes_per_block);
}

// ---- bitmaps ----

static uint64_t word_at(const void *bitmap, uint32_t word)
{
	return bitmap ? ((const uint64_t *)bitmap)[word] : 0;
}

// Of a number that is not 0.
static unsigned lowest_bit(uint64_t x)
{
	unsigned n = 0;

	for (unsigned half = WORD / 2; half; half /= 2)
		if ((x & ((1ul << half) - 1)) == 0) {
			x >>= half;
			n += half;
		}
	return n;
}

// The first bit from `from` on, below `end`, that is 0 in all three; or end.
static uint32_t bit_free(const void *a, const void *b, const void *c,
                         uint32_t from, uint32_t end)
{
	while (from < end) {
		uint32_t word = from / WORD;
		uint64_t used = word_at(a, word) | word_at(b, word) |
		                word_at(c, word);

		used |= (1ul << from % WORD) - 1;
		if (~used) {
			from = word * WORD + lowest_bit(~used);
			break;
		}
		from = (word + 1) * WORD;
	}
	return from < end ? from : end;
}

static int64_t bit_flip(struct ext2 *fs, struct cache_page *page, uint32_t bit)
{
	uint8_t *byte = (uint8_t *)page->data + bit / 8;
	int64_t err = journal_change(&fs->journal, page, byte, 1);

	if (!err)
		*byte ^= 1 << bit % 8;
	return err;
}

// The counts in a group's descriptor and in the superblock are changed.
static int64_t counts_change(struct ext2 *fs, uint32_t group)
{
	struct ext2_group *g = ext2_group(fs, group);
	int64_t err = journal_change(&fs->journal, ext2_group_page(fs, group),
	                             &g->free_blocks, 6);

	return err ? err
	           : journal_change(&fs->journal, fs->super_page,
	                            &fs->super->free_blocks, 8);
}

// ---- blocks ----

static bool bit_get(const void *bitmap, uint32_t bit)
{
	return bitmap && ((const uint8_t *)bitmap)[bit / 8] >> bit % 8 & 1;
}

// From `from` on, and then from the start; a file that grows most often gets
// the very first.
static uint32_t bit_near(const struct ext2_group_state *s, const void *bitmap,
                         uint32_t from, uint32_t end)
{
	uint32_t bit;

	if (from < end && !bit_get(bitmap, from) &&
	    !bit_get(s->freed[0], from) && !bit_get(s->freed[1], from))
		return from;
	bit = bit_free(bitmap, s->freed[0], s->freed[1], from, end);
	return bit < end ? bit
	                 : bit_free(bitmap, s->freed[0], s->freed[1], 0, end);
}

// The block in this group, or -ENOSPC.
static int64_t alloc_in(struct ext2 *fs, uint32_t group, uint32_t from,
                        uint32_t *out)
{
	struct ext2_group *g = ext2_group(fs, group);
	struct ext2_group_state *s = &fs->states[group];
	uint32_t end = ext2_group_blocks(fs, group), bit;
	struct cache_page *page;
	int64_t err;

	if (g->free_blocks == 0)
		return -ENOSPC;
	err = cache_get(&fs->meta, g->block_bitmap, &page);
	if (err)
		return err;
	bit = bit_near(s, page->data, from, end);
	if (bit == end)
		return -ENOSPC;
	*out = group_first(fs, group) + bit;
	if (!ext2_block_ours(fs, *out))
		return ext2_corrupt(fs, "block bitmap of group", group);
	err = bit_flip(fs, page, bit);
	if (!err)
		err = counts_change(fs, group);
	if (err)
		return err;
	g->free_blocks--;
	fs->super->free_blocks--;
	return 0;
}

// There would be room if what was freed could be used already.
static int64_t wait_for_room(struct ext2 *fs)
{
	struct journal *j = &fs->journal;

	if (fs->freed[0] || fs->freed[1])
		return journal_wait(j, j->running->tid);
	if (fs->reaping && park_task != &fs->reaper.waiting)
		return park(&fs->reaped);
	return -ENOSPC;
}

int64_t ext2_block_alloc(struct ext2 *fs, uint32_t goal, uint32_t *out)
{
	uint32_t group, from;
	int64_t err = -ENOSPC;

	if (!ext2_block_valid(fs, goal))
		goal = fs->super->first_block + 1;
	group = group_of(fs, goal);
	from = goal - group_first(fs, group);
	for (uint32_t n = 0; n < fs->groups && err == -ENOSPC; n++) {
		err = alloc_in(fs, group, from, out);
		group = group + 1 == fs->groups ? 0 : group + 1;
		from = 0;
	}
	return err == -ENOSPC ? wait_for_room(fs) : err;
}

// Until the change is committed the block is not free: after a power cut it
// may be again what it was.
static int64_t free_note(struct ext2 *fs, uint32_t group, uint32_t bit)
{
	struct ext2_group_state *s = &fs->states[group];
	unsigned parity = fs->journal.running->tid & 1;

	if (s->freed[parity] == NULL) {
		s->freed[parity] = kzalloc(fs->block_size);
		if (s->freed[parity] == NULL)
			return -ENOMEM;
	}
	s->freed[parity][bit / 8] |= 1 << bit % 8;
	fs->freed[parity]++;
	return 0;
}

static int64_t free_in(struct ext2 *fs, uint32_t group, uint32_t bit)
{
	struct ext2_group *g = ext2_group(fs, group);
	struct cache_page *page;
	int64_t err = cache_get(&fs->meta, g->block_bitmap, &page);

	if (!err && !bit_get(page->data, bit))
		err = ext2_corrupt(fs, "block freed twice, in group", group);
	if (!err)
		err = bit_flip(fs, page, bit);
	if (!err)
		err = counts_change(fs, group);
	if (!err && fs->journal.present)
		err = free_note(fs, group, bit);
	if (err)
		return err;
	g->free_blocks++;
	fs->super->free_blocks++;
	return 0;
}

int64_t ext2_block_free(struct ext2 *fs, uint32_t block, bool metadata)
{
	int64_t err = 0;
	uint32_t group;

	if (!ext2_block_ours(fs, block))
		return ext2_corrupt(fs, "freed block", block);
	group = group_of(fs, block);
	if (metadata)
		err = journal_forget(&fs->journal, block);
	return err ? err : free_in(fs, group, block - group_first(fs, group));
}

void ext2_freed(struct journal *journal, unsigned parity)
{
	struct ext2 *fs = container_of(journal, struct ext2, journal);

	if (fs->freed[parity] == 0)
		return;
	fs->freed[parity] = 0;
	for (uint32_t group = 0; group < fs->groups; group++) {
		kfree(fs->states[group].freed[parity]);
		fs->states[group].freed[parity] = NULL;
	}
}

// ---- inodes ----

static int64_t ino_alloc_in(struct ext2 *fs, uint32_t group, bool directory,
                            uint32_t *out)
{
	struct ext2_group *g = ext2_group(fs, group);
	uint32_t per = fs->super->inodes_per_group;
	uint32_t from = group ? 0 : fs->super->first_inode - 1, bit;
	struct cache_page *page;
	int64_t err;

	if (g->free_inodes == 0)
		return -ENOSPC;
	err = cache_get(&fs->meta, g->inode_bitmap, &page);
	if (err)
		return err;
	bit = bit_free(page->data, NULL, NULL, from, per);
	if (bit == per)
		return -ENOSPC;
	err = bit_flip(fs, page, bit);
	if (!err)
		err = counts_change(fs, group);
	if (err)
		return err;
	g->free_inodes--;
	fs->super->free_inodes--;
	g->directories += directory;
	*out = group * per + bit + 1;
	return 0;
}

int64_t ext2_ino_alloc(struct ext2 *fs, uint32_t parent, bool directory,
                       uint32_t *out)
{
	uint32_t group = (parent - 1) / fs->super->inodes_per_group;
	int64_t err = -ENOSPC;

	for (uint32_t n = 0; n < fs->groups && err == -ENOSPC; n++) {
		err = ino_alloc_in(fs, group, directory, out);
		group = group + 1 == fs->groups ? 0 : group + 1;
	}
	if (err == -ENOSPC && fs->reaping)
		return park(&fs->reaped);
	return err;
}

int64_t ext2_ino_free(struct ext2 *fs, uint32_t ino, bool directory)
{
	uint32_t group = (ino - 1) / fs->super->inodes_per_group;
	uint32_t bit = (ino - 1) % fs->super->inodes_per_group;
	struct ext2_group *g = ext2_group(fs, group);
	struct cache_page *page;
	int64_t err = cache_get(&fs->meta, g->inode_bitmap, &page);

	if (!err && !bit_get(page->data, bit))
		err = ext2_corrupt(fs, "inode freed twice:", ino);
	if (!err)
		err = bit_flip(fs, page, bit);
	if (!err)
		err = counts_change(fs, group);
	if (err)
		return err;
	g->free_inodes++;
	fs->super->free_inodes++;
	g->directories -= directory;
	return 0;
}
