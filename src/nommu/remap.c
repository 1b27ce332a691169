// mremap() where memory stays where it is: in place if there is room behind,
// else a copy.
#include "memory/remap.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/range.h"
#include "memory/room.h"
#include "nommu/blocks.h"
#include "process/wait.h"

// As Linux's <linux/mman.h> has them; a new address cannot be asked for.
enum { MREMAP_MAYMOVE = 1 };

// Behind the mapping, in the same block.
static bool room_behind(struct space *space, uint64_t end, uint64_t wanted)
{
	struct blocks *blocks = blocks_of(space);

	for (unsigned i = 0; i < blocks->count; i++)
		if (end > blocks->block[i].start &&
		    wanted <= blocks->block[i].end &&
		    end <= blocks->block[i].end)
			return range_free(space, end, wanted);
	return false;
}

static int64_t remap_copy(struct space *space, uint64_t from, uint64_t size, struct area *area, uint64_t wanted)
{
	int64_t err = room_map(space, area, 0, wanted, 0);

	if (!err)
		err = space_add(space, area);
	if (err)
		return err;
	memcpy((void *)area->start, (void *)from, size);
	err = space_remove(space, from, from + size);
	if (err) // too many walls without the old place: all is as it was
		space_remove(space, area->start, area->end);
	return err ? err : (int64_t)area->start;
}

static int64_t remap(struct space *space, uint64_t from, uint64_t size, uint64_t wanted, uint64_t flags)
{
	struct area *old = space_area(space, from);
	struct area more = { .start = from + size, .end = from + wanted };
	int64_t err;

	if (old == NULL || from + size > old->end)
		return -EFAULT;
	if (wanted < size)
		err = space_remove(space, from + wanted, from + size);
	else if (wanted == size)
		err = 0;
	else if (!memory_could_hold(space, wanted - size))
		return -ENOMEM;
	else {
		more.access = old->access;
		if (old->end == from + size &&
		    room_behind(space, from + size, from + wanted))
			err = space_add(space, &more);
		else if (flags & MREMAP_MAYMOVE)
			return remap_copy(space, from, size, &more, wanted);
		else
			return -ENOMEM;
	}
	return err ? err : (int64_t)from;
}

static int64_t sys_mremap(struct call *call)
{
	uint64_t from = call->arg[0], flags = call->arg[3];
	uint64_t size = page_up(call->arg[1]), wanted = page_up(call->arg[2]);

	if (flags & ~MREMAP_MAYMOVE || from % PAGE_SIZE || !size || !wanted)
		return -EINVAL;
	if (!range_valid(from, size))
		return -EFAULT;
	if (!range_valid(0, wanted))
		return -ENOMEM;
	return remap(space_of(call->process), from, size, wanted, flags);
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(216, mremap, sys_mremap, "ptr len len flags ptr"),
};

void remap_init(void)
{
	SYSCALL_REGISTER(rows);
}
