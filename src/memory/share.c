#include "memory/share.h"
#include "lib/errno.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "memory/space.h"
#include "memory/table.h"

// The areas are taken all at once, the pages step by step; nobody changes the
// parent's areas meanwhile (alone.h).
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

int space_like(struct space *from, struct space **like)
{
	struct space *to = space_new();

	if (to == NULL)
		return -ENOMEM;
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	to->stack_top = from->stack_top;
	to->stack_limit = from->stack_limit;
	to->args = from->args;
	to->args_end = from->args_end;
	to->env_end = from->env_end;
	if (space_copy_areas(to, from)) {
		space_put(to);
		return -ENOMEM;
	}
	*like = to;
	return 0;
}

// What one pass of sharing knows.
struct sharing {
	struct space *to, *from;
	uint64_t stack;          // the page that both sides write to at once
	size_t budget;           // pages that are left for this pass
	bool cut;                // the parent has lost write access
};

// Both sides go on in the same page of the stack, so that sharing it would only
// cost each of them a fault.  NULL: it is shared, as it is also when there is
// no memory for a copy.
static void *share_stack(struct sharing *sharing, struct area *area, uint64_t at, uint64_t entry)
{
	void *frame;

	if (at != sharing->stack || area->shared || !(entry & PTE_W))
		return NULL;
	frame = page_alloc(0);
	if (frame)
		page_copy(frame, pte_frame(entry));
	return frame;
}

// The entry is made before the reference is taken: then what fails here leaves
// nothing to undo.  The parent's entry may lose its write access for nothing;
// its next write finds the frame unshared and gets it back.
static int share_page(struct sharing *sharing, struct area *area, uint64_t at, uint64_t *entry)
{
	uint64_t *copy = table_make(sharing->to->root, at);
	void *frame;

	if (copy == NULL)
		return -ENOMEM;
	sharing->to->resident++;
	frame = share_stack(sharing, area, at, *entry);
	if (frame) {
		*copy = pte_make(frame, *entry & PTE_BITS);
		return 0;
	}
	if (*entry & PTE_W && !area->shared) {
		*entry &= ~PTE_W;
		sharing->cut = true;
	}
	*copy = *entry;
	frame_get(pte_frame(*entry));
	return 0;
}

// The pages of one area from to->done on.
static int64_t share_area(struct sharing *sharing, struct area *area)
{
	struct space *to = sharing->to;
	uint64_t at = area->start > to->done ? area->start : to->done;
	uint64_t *entry;

	while ((entry = table_next(sharing->from->root, &at, area->end))) {
		to->done = at;
		if (sharing->budget-- == 0)
			return PENDING;
		if (share_page(sharing, area, at, entry))
			return -ENOMEM;
		at += PAGE_SIZE;
	}
	to->done = area->end;
	return 0;
}

// Each pass that cut entries down flushes: the parent's other threads run in
// between, and must not write through an old translation.
int64_t space_share(struct process *child, struct process *parent)
{
	struct sharing sharing = {
		.to = space_of(child),
		.from = space_of(parent),
		.stack = child->frame.regs[SP] & ~PAGE_MASK,
		.budget = SPACE_PASS,
	};
	int64_t err = 0;

	if (sharing.to == sharing.from)
		return 0;
	LIST_EACH(node, &sharing.to->areas) {
		if (area_of(node)->end > sharing.to->done)
			err = share_area(&sharing, area_of(node));
		if (err)
			break;
	}
	if (!err)
		sharing.to->done = 0;
	if (sharing.cut)
		space_flush(sharing.from);
	return err;
}
