// Where memory goes that is found, not mapped: in the program's home, or in
// blocks that it takes besides.
#include "memory/room.h"
#include "lib/errno.h"
#include "memory/map.h"
#include "memory/range.h"
#include "nommu/blocks.h"

#define ROOM_LEAST (64ul << 10)  // for brk() and mmap(), beside the program

const bool room_moves = true;

// The guard is an area, so that nothing else is put there, and no coarse wall
// covers it.
int room_home(struct space *space, uint64_t start, uint64_t end, struct home *home)
{
	uint64_t image = page_up(end) - (start & ~PAGE_MASK);
	uint64_t stack = page_up(home->stack_size);
	const struct block *block = blocks_take(
		space, 2 * PAGE_SIZE + stack + image + ROOM_LEAST);
	struct area guard;

	if (block == NULL)
		return -ENOMEM;
	guard = (struct area){ .start = block->start,
		               .end = block->start + PAGE_SIZE };
	home->stack = guard.end;
	home->stack_top = guard.end + stack;
	home->distance = home->stack_top + PAGE_SIZE - (start & ~PAGE_MASK);
	space->stack_limit = stack;
	return area_add(space, &guard, guard.start);
}

uint64_t room_first(struct space *space, uint64_t size)
{
	const struct block *block = blocks_take(space, size);

	return block ? block->start : 0;
}

bool room_brk(struct space *space, uint64_t from, uint64_t to)
{
	struct blocks *blocks = blocks_of(space);

	return blocks->count && to <= blocks->block[0].end &&
	       range_free(space, from, to);
}

// From the top down, so that the heap can grow towards it; 0: no such hole.
static uint64_t block_hole(struct space *space, const struct block *block, uint64_t size)
{
	uint64_t top = block->end;

	for (struct list *node = space->areas.prev; node != &space->areas;
	     node = node->prev) {
		struct area *area = area_of(node);

		if (area->start < block->start || area->start >= block->end)
			continue;
		if (top - area->end >= size)
			return top - size;
		top = area->start;
	}
	return top - block->start >= size ? top - size : 0;
}

static uint64_t room_hole(struct space *space, uint64_t size)
{
	struct blocks *blocks = blocks_of(space);
	uint64_t at = 0;

	for (unsigned i = 0; i < blocks->count && !at; i++)
		at = block_hole(space, &blocks->block[i], size);
	return at;
}

// Each new block doubles what there is, if there is so much in one piece: so a
// few are enough for much.
//
// An address cannot be asked for, for somebody else may have it.
int room_map(struct space *space, struct area *area, uint64_t hint, uint64_t size, uint64_t flags)
{
	uint64_t twice = space->resident * PAGE_SIZE;
	const struct block *block = NULL;

	(void)hint;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		return -EINVAL;
	area->start = room_hole(space, size);
	if (!area->start) {
		if (size < twice)
			block = blocks_take(space, twice);
		if (block == NULL)
			block = blocks_take(space, size);
		if (block == NULL)
			return -ENOMEM;
		area->start = block->end - size;
	}
	area->end = area->start + size;
	return 0;
}

void room_leave(struct space *space)
{
	blocks_trim(space);
}

// Without fork() nobody else can have it: threads share it anyway.
int room_shared(struct pager **pager)
{
	*pager = NULL;
	return 0;
}
