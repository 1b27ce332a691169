#include "nommu/blocks.h"
#include "files/inode.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/hart.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "nommu/pmp.h"

// ---- blocks ----------------------------------------------------------------

struct space *space_new(void)
{
	struct blocks *blocks = kzalloc(sizeof *blocks);

	if (blocks == NULL)
		return NULL;
	blocks->space.refs = 1;
	blocks->space.satp = (uintptr_t)blocks;
	blocks->walls = pmp_plan();
	list_init(&blocks->space.areas);
	return &blocks->space;
}

const struct block *blocks_take(struct space *space, uint64_t size)
{
	struct blocks *blocks = blocks_of(space);
	struct block *block = &blocks->block[blocks->count];
	unsigned order = 0;
	char *memory;

	while (order <= PAGE_MAX_ORDER && PAGE_SIZE << order < size)
		order++;
	if (blocks->count == BLOCKS_MOST || order > PAGE_MAX_ORDER)
		return NULL;
	memory = page_alloc(order);
	if (memory == NULL)
		return NULL;
	for (size_t at = 0; at < PAGE_SIZE << order; at += PAGE_SIZE)
		page_zero(memory + at);
	block->start = (uintptr_t)memory;
	block->end = block->start + (PAGE_SIZE << order);
	blocks->count++;
	space->resident += 1ul << order;
	return block;
}

static bool inside(const struct block *block, const struct area *area)
{
	return area->start >= block->start && area->start < block->end;
}

static bool block_empty(struct space *space, const struct block *block)
{
	LIST_EACH(node, &space->areas)
		if (inside(block, area_of(node)))
			return false;
	return true;
}

void blocks_trim(struct space *space)
{
	struct blocks *blocks = blocks_of(space);

	for (unsigned i = blocks->count; i-- > 1;) {
		struct block *block = &blocks->block[i];

		if (!block_empty(space, block))
			continue;
		space->resident -= (block->end - block->start) / PAGE_SIZE;
		page_put((void *)block->start);
		*block = blocks->block[--blocks->count];
	}
}

// ---- walls -----------------------------------------------------------------

// Beside the access of an area that is about to go: no wall is for it.
#define GOING 8

// An entry that allows to write but not to read is reserved.
static unsigned rights_of(const struct area *area)
{
	return (area->access & (USER_READ | USER_WRITE) ? WALL_READ : 0) |
	       (area->access & USER_WRITE ? WALL_WRITE : 0) |
	       (area->access & USER_EXECUTE ? WALL_EXECUTE : 0);
}

// Coarse: what lies between two areas has the rights of the one below, or of
// the first one above.  It is this process's memory in any case.
static int plan_block(struct space *space, const struct block *block, struct walls *walls, bool coarse)
{
	uintptr_t at = block->start;
	unsigned rights = 0;
	bool any = false;
	int err = 0;

	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (!inside(block, area) || area->access & GOING || err)
			continue;
		if (coarse)
			err = walls_span(walls, at, area->start,
			                 any ? rights : rights_of(area));
		rights = rights_of(area);
		if (!err)
			err = walls_span(walls, area->start, area->end, rights);
		at = area->end;
		any = true;
	}
	if (coarse && any && !err)
		err = walls_span(walls, at, block->end, rights);
	return err;
}

static int plan(struct space *space, struct walls *walls, bool coarse, unsigned spare)
{
	struct blocks *blocks = blocks_of(space);
	int err = 0;

	*walls = pmp_plan();
	walls->most -= spare;
	for (unsigned i = 0; i < blocks->count && !err; i++)
		err = plan_block(space, &blocks->block[i], walls, coarse);
	return err ? err : walls_finish(walls);
}

// As fine as the areas are, if there are entries for that.
int blocks_plan(struct space *space, unsigned spare)
{
	struct walls walls;

	if (plan(space, &walls, false, spare) &&
	    plan(space, &walls, true, spare))
		return -ENOMEM;
	blocks_of(space)->walls = walls;
	space_flush(space);
	return 0;
}

static struct trapframe *walls_load(struct trapframe *frame)
{
	struct blocks *blocks = (struct blocks *)frame->satp;

	this_hart()->satp = frame->satp;
	pmp_load(blocks ? &blocks->walls : NULL);
	return frame;
}

void space_load(struct space *space)
{
	this_hart()->satp = space->satp;
	pmp_load(&blocks_of(space)->walls);
}

// A record at the same address must not meet a hart that thinks it has it.
void space_unload(struct space *space)
{
	if (this_hart()->satp != space->satp)
		return;
	this_hart()->satp = 0;
	pmp_load(NULL);
}

void space_forget(struct space *space)
{
	memset(space->cache, 0, sizeof space->cache);
}

void space_flush(struct space *space)
{
	space_forget(space);
	if (this_hart()->satp == space->satp)
		space_load(space);
}

// ---- areas -----------------------------------------------------------------

// What there is for the area to begin with, in bytes; behind it all is zero,
// also where a file has ended.
static uint64_t area_given(const struct area *area)
{
	struct inode *inode = area->pager ? inode_of_pager(area->pager) : NULL;
	uint64_t size = area->end - area->start;

	if (area->pager == NULL)
		return 0;
	if (area->valid < size)
		size = area->valid;
	if (inode == NULL || inode->size >= area->offset + size)
		return size;
	return inode->size > area->offset ? inode->size - area->offset : 0;
}

// A page of that, or the rest.
static int64_t area_fill_page(struct area *area, uint64_t inside, uint64_t size)
{
	struct pager *pager = area->pager;
	void *frame;
	int64_t err = pager->ops->page(
		pager, (area->offset + inside) / PAGE_SIZE, &frame);

	if (err)
		return err;
	memcpy((void *)(area->start + inside), frame,
	       size < PAGE_SIZE ? size : PAGE_SIZE);
	frame_put(frame);
	return 0;
}

// Whoever executes it has not fetched what was there before.
static int64_t area_fill(struct area *area)
{
	uint64_t size = area_given(area);
	int64_t err = 0;

	for (uint64_t at = 0; at < size && !err; at += PAGE_SIZE)
		err = area_fill_page(area, at, size - at);
	if (area->access & USER_EXECUTE)
		asm volatile("fence.i" ::: "memory");
	return err;
}

// Two areas never become one across blocks, for these come and go alone.
static uint64_t block_start(struct space *space, const struct area *area)
{
	struct blocks *blocks = blocks_of(space);
	unsigned i = 0;

	while (i + 1 < blocks->count && !inside(&blocks->block[i], area))
		i++;
	return blocks->block[i].start;
}

// Filled before it is an area: so one that failed has nothing to take back but
// the bytes.
int64_t space_add(struct space *space, const struct area *wanted)
{
	struct area area = *wanted;
	int64_t err = area.shared && area.pager ? -ENODEV : 0;

	area.shared = false;
	if (!err)
		err = area_fill(&area);
	if (!err)
		err = area_add(space, &area, block_start(space, &area));
	if (err) {
		memset((void *)area.start, 0, area.end - area.start);
		blocks_trim(space);
		return err;
	}
	err = blocks_plan(space, 0);
	if (err)
		space_remove(space, area.start, area.end);
	return err;
}

// Without the private pages of files, if they are to stay as they are.
static void range_zero(struct space *space, uint64_t start, uint64_t end, bool files)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);
		uint64_t from = area->start > start ? area->start : start;
		uint64_t to = area->end < end ? area->end : end;

		if (from < to && (files || !area->pager))
			memset((void *)from, 0, to - from);
	}
}

// The walls first: a power of two has one entry, the rest of it may need two,
// and there may be none left.  Memory must not be free while it is in reach.
static int remove_plan(struct space *space, uint64_t start, uint64_t end)
{
	int err;

	LIST_EACH(node, &space->areas)
		if (area_of(node)->start >= start && area_of(node)->start < end)
			area_of(node)->access |= GOING;
	err = blocks_plan(space, 0);
	LIST_EACH(node, &space->areas)
		area_of(node)->access &= ~GOING;
	return err;
}

int space_remove(struct space *space, uint64_t start, uint64_t end)
{
	int err = space_cut(space, start, end);

	if (!err)
		err = remove_plan(space, start, end);
	if (err)
		return err;
	range_zero(space, start, end, true); // for what is added there next
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start >= start && area->start < end)
			area_unlink(space, area);
	}
	blocks_trim(space);
	return 0;
}

// Private pages of a file are not read anew.
bool space_discard(struct space *space, uint64_t start, uint64_t end)
{
	range_zero(space, start, end, false);
	return false;
}

// Who protects pieces of his memory, as the guards of threads' stacks, is
// refused before there is no entry left for new memory.
#define PROTECT_SPARE 3

// The old access in the upper bits, until there are walls for the new one.
#define WAS 4

static void protect_end(struct space *space, bool done)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->access >> WAS)
			area->access = done ? area->access & 7
			                    : area->access >> WAS & 7;
	}
}

int space_protect(struct space *space, uint64_t start, uint64_t end, unsigned access)
{
	int err = space_cut(space, start, end);

	if (err)
		return err;
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start >= start && area->start < end)
			area->access = access | (area->access | 8) << WAS;
	}
	err = blocks_plan(space, PROTECT_SPARE);
	protect_end(space, err == 0);
	if (access & USER_EXECUTE)
		asm volatile("fence.i" ::: "memory");
	return err;
}

// The walls were changed at once.
bool space_restrict(struct space *space, uint64_t *at, uint64_t end)
{
	(void)space, (void)at, (void)end;
	return false;
}

uint64_t space_size(struct space *space)
{
	return space->resident;
}

// Few blocks: what is to be done at the end fits into a pass.
bool space_shrink(struct space *space)
{
	(void)space;
	return false;
}

void space_free(struct space *space)
{
	struct blocks *blocks = blocks_of(space);

	LIST_EACH(node, &space->areas)
		area_unlink(space, area_of(node));
	for (unsigned i = 0; i < blocks->count; i++)
		page_put((void *)blocks->block[i].start);
	kfree(blocks);
}

// Other harts would have to be told when walls move.
void blocks_init(void)
{
	if (board.harts > 1)
		kprintf("walls by PMP are for one hart, others stay parked\n");
	board.harts = 1;
	this_hart()->load = walls_load;
}
