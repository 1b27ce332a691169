#include "memory/share.h"
#include "lib/errno.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "memory/space.h"
#include "memory/table.h"

// The areas are taken all at once, the pages step by step: so what another
// thread maps meanwhile is not half in the child.
static int space_copy_areas(struct space *to, struct space *from)
{
	LIST_EACH(node, &from->areas) {
		struct area *copy = area_new(area_of(node));

		if (copy == NULL)
			return -ENOMEM;
		area_link(to, copy);
	}
	return 0;
}

struct space *space_like(struct space *from)
{
	struct space *to = space_new();

	if (to == NULL)
		return NULL;
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	to->stack_top = from->stack_top;
	to->stack_limit = from->stack_limit;
	to->args = from->args;
	to->args_end = from->args_end;
	to->env_end = from->env_end;
	if (space_copy_areas(to, from)) {
		space_put(to);
		return NULL;
	}
	return to;
}

// The entry is made before the reference is taken: then what fails here leaves
// nothing to undo.  The parent's entry may lose its write access for nothing;
// its next write finds the frame unshared and gets it back.
static int share_page(struct space *to, struct area *area, uint64_t at, uint64_t *entry)
{
	uint64_t *copy = table_make(to->root, at);

	if (copy == NULL)
		return -ENOMEM;
	if (!area->shared)
		*entry &= ~PTE_W;
	*copy = *entry;
	frame_get(pte_frame(*entry));
	to->resident++;
	return 0;
}

// The pages of one area from to->done on.  The areas are the child's: another
// thread of the parent may have changed its own since.
static int64_t share_area(struct space *to, struct space *from, struct area *area, size_t *budget)
{
	uint64_t at = area->start > to->done ? area->start : to->done;
	uint64_t *entry;

	while ((entry = table_next(from->root, &at, area->end))) {
		to->done = at;
		if ((*budget)-- == 0)
			return PENDING;
		if (share_page(to, area, at, entry))
			return -ENOMEM;
		at += PAGE_SIZE;
	}
	to->done = area->end;
	return 0;
}

// Entries were cut down in each pass, so each one flushes: the parent's other
// threads run in between, and must not write through an old translation.
int64_t space_share(struct process *child, struct process *parent)
{
	struct space *to = space_of(child), *from = space_of(parent);
	size_t budget = SPACE_PASS;
	int64_t err = 0;

	if (to == from)
		return 0;
	LIST_EACH(node, &to->areas) {
		if (area_of(node)->end > to->done)
			err = share_area(to, from, area_of(node), &budget);
		if (err)
			break;
	}
	if (!err)
		to->done = 0;
	space_flush(from);
	return err;
}
