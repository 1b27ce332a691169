#include "memory/area.h"
#include "lib/errno.h"
#include "memory/heap.h"
#include "memory/space.h"

// Faults and copies come in runs, so the last answer is tried first; the list
// is walked for the rest: most programs have fewer than ten areas.
struct area *space_area(struct space *space, uint64_t address)
{
	struct area *last = space->last;

	if (last && last->start <= address && address < last->end)
		return last;
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (address < area->end) {
			if (address < area->start)
				return NULL;
			space->last = area;
			return area;
		}
	}
	return NULL;
}

// With a pager both would have to be of one piece of it; the heap and small
// maps are what grows in steps, and they have none.
static bool area_continues(const struct area *a, const struct area *b)
{
	return a->end == b->start && a->access == b->access &&
	       a->shared == b->shared && !a->pager && !b->pager;
}

struct area *area_new(const struct area *like)
{
	bool tracked = area_is_tracked(like);
	struct area *area;

	if (tracked && like->shared && like->pager->shared >= PAGER_SHARED)
		return NULL;
	area = kmalloc(tracked ? sizeof(struct area_tracked) : sizeof *area);
	if (area)
		*area = *like;
	return area;
}

// The pager finds shared areas first, so that it need not look at the others
// when only stores matter.
static void area_track(struct space *space, struct area *area)
{
	struct area_tracked *t = container_of(area, struct area_tracked, area);
	struct pager *pager = area->pager;

	t->space = space;
	if (area->shared)
		list_add_head(&pager->areas, &t->node);
	else
		list_add_tail(&pager->areas, &t->node);
	pager->shared += area->shared;
}

static void area_untrack(struct area *area)
{
	list_remove(&container_of(area, struct area_tracked, area)->node);
	area->pager->shared -= area->shared;
}

// Links the area in its place.  The stack and the heap stay areas of their
// own; neighbours of mmap that are alike could be joined, and are, so that a
// program that maps many small pieces does not run out of areas.
void area_link(struct space *space, struct area *area)
{
	struct list *place = space->areas.prev;

	while (place != &space->areas && area_of(place)->start > area->start)
		place = place->prev;
	list_add_head(place, &area->node);
	space->area_count++;
	if (area->pager)
		area->pager->ops->get(area->pager);
	if (area_is_tracked(area))
		area_track(space, area);
}

// The pager is let go of before the record: it may be the last to hold it, and
// nothing of the area is needed for its end.
void area_unlink(struct space *space, struct area *area)
{
	if (space->last == area)
		space->last = NULL;
	if (area_is_tracked(area))
		area_untrack(area);
	if (area->pager)
		area->pager->ops->put(area->pager);
	list_remove(&area->node);
	space->area_count--;
	kfree(area);
}

int area_add(struct space *space, const struct area *wanted, uint64_t from)
{
	struct area *area;

	LIST_EACH(node, &space->areas) {
		struct area *near = area_of(node);

		if (near->start >= from && area_continues(near, wanted)) {
			near->end = wanted->end;
			return 0;
		}
		if (near->start >= wanted->end)
			break;
	}
	if (space->area_count >= SPACE_AREAS)
		return -ENOMEM;
	area = area_new(wanted);
	if (area == NULL)
		return -ENOMEM;
	area_link(space, area);
	return 0;
}

// Cuts the area in two at the address, which lies inside.
// The limit is asked here too: a program that protects every second page must
// not make a list that each fault has to walk for long.
static int area_split(struct space *space, struct area *area, uint64_t at)
{
	struct area *upper = area_new(area);
	uint64_t below = at - area->start;

	if (upper == NULL || space->area_count >= SPACE_AREAS) {
		kfree(upper);
		return -ENOMEM;
	}
	upper->start = at;
	upper->offset += below;
	upper->valid = area->valid > below ? area->valid - below : 0;
	area->end = at;
	area_link(space, upper);
	return 0;
}

static int area_cut(struct space *space, uint64_t at)
{
	struct area *area = space_area(space, at);

	return area && area->start < at ? area_split(space, area, at) : 0;
}

int space_cut(struct space *space, uint64_t start, uint64_t end)
{
	int err = area_cut(space, start);

	return err ? err : area_cut(space, end);
}

// From the top down, as Linux does: the heap below can grow for longest so.
// The last page of the low half stays free, so that no end of an area wraps
// round.
uint64_t space_hole(struct space *space, uint64_t size)
{
	uint64_t top = SPACE_MAP_TOP - PAGE_SIZE;

	for (struct list *node = space->areas.prev;; node = node->prev) {
		struct area *below = area_of(node);
		uint64_t floor = node == &space->areas ? PAGE_SIZE : below->end;

		if (top >= floor && top - floor >= size)
			return top - size;
		if (node == &space->areas)
			return 0;
		top = below->start;
	}
}
