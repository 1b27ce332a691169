#include "disk/ext2_index.h"
#include "disk/ext2_chain.h"
#include "disk/park.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/page.h"

#define PASS 100 // entries of a directory that are put in in one pass
#define PATIENCE 64 // look-ups without an index after it was given up

uint64_t ext2_index_from = 16384;
static struct list indices = LIST_INIT(indices);
static struct ext2_index *held;
static size_t frames; // in all of them

// FNV-1a, with the upper bits folded in.
uint32_t ext2_index_hash(const char *name, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325ul;

	while (size--)
		hash = (hash ^ (uint8_t)*name++) * 0x100000001b3ul;
	return hash ^ hash >> 32;
}

// ---- memory ----

void *ext2_index_frame(struct ext2_index *index)
{
	struct ext2_index *before = held;
	void *frame;

	held = index;
	frame = page_alloc(0);
	held = before;
	if (frame == NULL)
		return NULL;
	memset(frame, 0, PAGE_SIZE);
	frames++;
	if (index)
		index->frames++;
	return frame;
}

// At most as many frames as one has.
static void frames_free(void **frame, unsigned count)
{
	while (count--)
		if (frame[count])
			page_put(frame[count]);
}

void ext2_index_drop(struct ext2_inode *dir)
{
	struct ext2_index *index = dir->index;

	if (index == NULL)
		return;
	dir->index = NULL;
	frames -= index->frames;
	list_remove(&index->node);
	frames_free((void **)index->heads, HEAD_PAGES);
	frames_free((void **)index->names, NAME_PAGES);
	frames_free((void **)index->rooms, ROOM_PAGES);
	page_put(index);
}

// The next look-ups do without; one that is too large has none any more.
static void give_up(struct ext2_inode *dir)
{
	dir->unindexed =
		dir->index->made == NAME_PAGES * NAMES ? ~0u : PATIENCE;
	ext2_index_drop(dir);
}

size_t ext2_index_spare(void)
{
	return frames;
}

size_t ext2_index_reclaim(size_t wanted)
{
	size_t before = frames;

	LIST_EACH(node, &indices) {
		struct ext2_index *index =
			container_of(node, struct ext2_index, node);

		if (before - frames >= wanted)
			break;
		if (index == held)
			continue;
		give_up(index->dir);
	}
	return before - frames;
}

void ext2_index_hold(struct ext2_inode *dir)
{
	held = dir->index;
}

void ext2_index_release(void)
{
	held = NULL;
}

// ---- making it ----

static bool index_new(struct ext2_inode *dir)
{
	struct ext2_index *index = ext2_index_frame(NULL);

	if (index == NULL)
		return false;
	index->dir = dir;
	index->frames = 1;
	index->chains = 1;
	list_add_tail(&indices, &index->node);
	dir->index = index;
	if (ext2_chain_init(index, dir->inode.size))
		return true;
	ext2_index_drop(dir);
	return false;
}

int64_t ext2_index_put(struct ext2_inode *dir, const struct ext2_name *name)
{
	if (!ext2_chain_reserve(dir->index))
		return -ENOMEM;
	ext2_chain_put(dir->index, name);
	return 0;
}

int64_t ext2_index_room(struct ext2_inode *dir, uint32_t block, unsigned room)
{
	struct ext2_index *index = dir->index;
	uint16_t **page = &index->rooms[block / ROOMS];

	if (block >= ROOM_PAGES * ROOMS)
		return -ENOMEM;
	if (*page == NULL)
		*page = ext2_index_frame(index);
	if (*page == NULL)
		return -ENOMEM;
	(*page)[block % ROOMS] = room;
	return 0;
}

static uint32_t blocks_of(const struct ext2_inode *dir)
{
	return dir->inode.size / dir->fs->block_size;
}

// Whether there is one, or is to be one.  Within a change nothing is learnt, as
// it may be undone.
static bool index_wanted(struct ext2_inode *dir)
{
	if (dir->index)
		return dir->index->blocks == blocks_of(dir) ||
		       !dir->fs->journal.open;
	if (dir->unindexed) {
		dir->unindexed--;
		return false;
	}
	return !dir->fs->journal.open && index_new(dir);
}

// Puts the next names in.  One pass only clears memory for them.
static int64_t index_more(struct ext2_inode *dir, ext2_index_block more)
{
	struct ext2_index *index = dir->index;
	int64_t err;

	if (index->part.budget == 0)
		return park_again();
	ext2_index_hold(dir);
	err = more(dir, index->blocks, &index->part);
	ext2_index_release();
	if (!err && index->part.at == dir->fs->block_size) {
		index->blocks++;
		index->part.at = index->part.room = 0;
	}
	return err;
}

// A block that could not be put in is there in part: all is forgotten.
int64_t ext2_index_make(struct ext2_inode *dir, ext2_index_block more)
{
	unsigned budget = dir->index ? PASS : 0;
	int64_t err = 0;

	if (!index_wanted(dir))
		return 1;
	list_remove(&dir->index->node);
	list_add_tail(&indices, &dir->index->node);
	dir->index->part.budget = budget;
	while (!err && dir->index->blocks < blocks_of(dir))
		err = index_more(dir, more);
	if (err != -ENOMEM)
		return err;
	give_up(dir);
	return 1;
}

// ---- following changes ----

// A change of the block that is being put in may have merged or split the
// entry where that goes on: rare, so all of it is forgotten.
static bool follows(struct ext2_inode *dir, uint32_t block)
{
	const struct ext2_index *index = dir->index;

	if (index && block == index->blocks && index->part.at) {
		give_up(dir);
		return false;
	}
	return index && block < index->blocks;
}

bool ext2_index_fits(struct ext2_inode *dir, uint32_t block, unsigned size)
{
	const struct ext2_index *index = dir->index;

	return index == NULL || block >= index->blocks ||
	       index->rooms[block / ROOMS][block % ROOMS] >= size;
}

void ext2_index_full(struct ext2_inode *dir, uint32_t block, unsigned room)
{
	if (dir->index && block < dir->index->blocks)
		ext2_index_room(dir, block, room);
}

void ext2_index_add(struct ext2_inode *dir, const struct ext2_name *name)
{
	struct ext2_index *index = dir->index;

	if (!follows(dir, name->block))
		return;
	if (!ext2_chain_reserve(index)) {
		give_up(dir);
		return;
	}
	index->added = *name;
	index->added.next = true;
}

void ext2_index_remove(struct ext2_inode *dir, const struct ext2_name *name,
                       unsigned room)
{
	struct ext2_index *index = dir->index;

	if (!follows(dir, name->block))
		return;
	index->removed = *name;
	index->removed.next = true;
	index->room = room;
}

void ext2_index_settle(struct ext2_inode *dir, int64_t err)
{
	struct ext2_index *index = dir->index;

	if (index == NULL)
		return;
	if (index->removed.next && !err) {
		ext2_chain_take(index, &index->removed);
		if (!ext2_index_fits(dir, index->removed.block, index->room))
			ext2_index_room(dir, index->removed.block, index->room);
	}
	if (index->added.next && !err)
		ext2_chain_put(index, &index->added);
	index->added.next = index->removed.next = false;
}
