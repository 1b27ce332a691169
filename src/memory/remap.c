#include "memory/remap.h"
#include "lib/errno.h"
#include "memory/alone.h"
#include "memory/heap.h"
#include "memory/range.h"
#include "memory/space.h"
#include "memory/table.h"
#include "process/wait.h"

// As Linux's <linux/mman.h> has them.
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };

#define TABLE_SPAN (512 * PAGE_SIZE) // addresses of a lowest table

// A move, pass by pass.  The new area is there from the first one on, where the
// call's goal says; pages follow it.
struct remap {
	struct call *call;
	struct space *space;
	uint64_t from, size; // the old place, and what of it goes along
	uint64_t to, wanted; // the new place, and its size
};

// What the mapping shows behind its old end: all that the pager has, if that
// can change; else no more than it had.
static void area_grow(struct area *area, uint64_t end)
{
	bool whole = area->pager && (area->pager->changes || area->shared);

	area->end = end;
	if (whole)
		area->valid = area->end - area->start;
}

// ---- in place ---------------------------------------------------------------

static int64_t remap_shrink(struct remap *r)
{
	uint64_t start = r->from + r->wanted, end = r->from + r->size;

	if (space_discard(r->space, start, end))
		return future_insist(future_of(r->call));
	return space_remove(r->space, start, end);
}

static bool grows_in_place(const struct remap *r, const struct area *area)
{
	uint64_t end = r->from + r->size;

	return area->end == end && range_valid(r->from, r->wanted) &&
	       range_free(r->space, end, r->from + r->wanted);
}

// ---- to another place -------------------------------------------------------

// The tables that the pages will need, so that nothing fails in mid-move.
static int remap_tables(const struct remap *r)
{
	uint64_t at = r->from, end = r->from + r->size;

	while (table_next(r->space->root, &at, end)) {
		uint64_t to = at - r->from + r->to;

		if (table_make(r->space->root, to) == NULL)
			return -ENOMEM;
		at = r->from - r->to + (to / TABLE_SPAN + 1) * TABLE_SPAN;
	}
	return 0;
}

// After this the old place is an area of its own, and the new one is there.
static int64_t remap_begin(const struct remap *r)
{
	int64_t err = space_cut(r->space, r->from, r->from + r->size);
	struct area area;

	if (err)
		return err;
	area = *space_area(r->space, r->from);
	area.start = r->to;
	area_grow(&area, r->to + r->wanted);
	err = space_add(r->space, &area);
	if (!err)
		err = remap_tables(r);
	if (err)
		space_remove(r->space, area.start, area.end);
	return err;
}

// A page that the new place has already was made there meanwhile: it stays.
static bool page_move(const struct remap *r, uint64_t at, uint64_t *entry)
{
	uint64_t *to = table_make(r->space->root, at - r->from + r->to);

	if (to == NULL || *to & PTE_V)
		return false;
	*to = *entry;
	table_clear(entry);
	return true;
}

// As many pages as one pass may move.  Whether there may be more.
static bool pages_move(const struct remap *r)
{
	uint64_t at = r->from, end = r->from + r->size, *entry;
	unsigned budget = SPACE_PASS;

	while ((entry = table_next(r->space->root, &at, end))) {
		if (budget-- == 0)
			break;
		if (!page_move(r, at, entry))
			space_discard(r->space, at, at + PAGE_SIZE);
		at += PAGE_SIZE;
	}
	space_flush(r->space);
	return entry != NULL;
}

static int64_t remap_move(struct remap *r)
{
	int err;

	if (pages_move(r))
		return future_insist(future_of(r->call));
	err = space_remove(r->space, r->from, r->from + r->size);
	return err ? err : (int64_t)r->to;
}

// Where it goes.  What is at a place that was asked for goes.
static int remap_place(struct remap *r, bool fixed)
{
	if (fixed)
		return space_remove(r->space, r->to, r->to + r->wanted);
	r->to = space_hole(r->space, r->wanted);
	return r->to ? 0 : -ENOMEM;
}

static int64_t remap_elsewhere(struct remap *r, bool fixed)
{
	struct future *future = future_of(r->call);
	int64_t err;

	if (future->phase == 0) {
		err = remap_place(r, fixed);
		if (!err)
			err = remap_begin(r);
		if (err)
			return err;
		future->goal = r->to;
		future->phase = 1;
	}
	r->to = future->goal;
	err = remap_move(r);
	if (err != PENDING)
		future->phase = 0;
	return err;
}

// ---- the call ---------------------------------------------------------------

static int64_t check_fixed(const struct remap *r)
{
	if (r->to % PAGE_SIZE || r->to < PAGE_SIZE ||
	    !range_valid(r->to, r->wanted))
		return -EINVAL;
	return r->to < r->from + r->size && r->from < r->to + r->wanted
	               ? -EINVAL
	               : 0;
}

static int64_t check(const struct remap *r, uint64_t flags)
{
	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) || r->from % PAGE_SIZE ||
	    r->wanted == 0 || r->size == 0 ||
	    (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)))
		return -EINVAL;
	if (!range_valid(r->from, r->size))
		return -EFAULT;
	if (!range_valid(0, r->wanted))
		return -ENOMEM;
	return flags & MREMAP_FIXED ? check_fixed(r) : 0;
}

// All of it is one mapping, and growing it is within reason.
static int64_t check_area(const struct remap *r, const struct area *area)
{
	if (area == NULL || r->from + r->size > area->end)
		return -EFAULT;
	if (area->pager == NULL && r->wanted > r->size &&
	    !memory_could_hold(r->space, r->wanted - r->size))
		return -ENOMEM;
	return 0;
}

static int64_t remap(struct remap *r, uint64_t flags)
{
	struct area *area = space_area(r->space, r->from);
	bool moving = future_of(r->call)->phase != 0;
	int64_t err = moving ? 0 : check_area(r, area);

	if (!err && !moving && flags & MREMAP_FIXED &&
	    space_discard(r->space, r->to, r->to + r->wanted))
		return future_insist(future_of(r->call));
	if (!err && !moving && r->wanted < r->size)
		err = remap_shrink(r);
	if (err)
		return err;
	if (r->wanted < r->size)
		r->size = r->wanted;
	if (moving || flags & MREMAP_FIXED)
		return remap_elsewhere(r, flags & MREMAP_FIXED);
	if (r->wanted == r->size)
		return r->from;
	if (grows_in_place(r, area)) {
		area_grow(area, r->from + r->wanted);
		return r->from;
	}
	return flags & MREMAP_MAYMOVE ? remap_elsewhere(r, false) : -ENOMEM;
}

static int64_t remap_call(struct call *call)
{
	struct remap r = {
		.call = call,
		.space = space_of(call->process),
		.from = call->arg[0],
		.size = page_up(call->arg[1]),
		.wanted = page_up(call->arg[2]),
		.to = call->arg[4],
	};
	int64_t err = check(&r, call->arg[3]);

	return err ? err : remap(&r, call->arg[3]);
}

static int64_t sys_mremap(struct call *call)
{
	return alone(call, remap_call);
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(216, mremap, sys_mremap, "ptr len len flags ptr"),
};

void remap_init(void)
{
	SYSCALL_REGISTER(rows);
}
