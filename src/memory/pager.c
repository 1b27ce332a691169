#include "memory/pager.h"
#include "memory/fault.h"
#include "memory/space.h"
#include "memory/table.h"

#define UNMAP_SPACES 16 // areas with pages to unmap, in one pass
#define EVICT_AREAS 1024 // that are looked at for one page

// Where the area has the page, or its first page behind that; area->end: it
// has none.  What lies behind its valid part is not the pager's.
static uint64_t area_find(const struct area *area, uint64_t index)
{
	uint64_t offset = index * PAGE_SIZE;

	if (offset <= area->offset)
		return area->start;
	offset -= area->offset;
	if (offset >= area->valid || offset >= area->end - area->start)
		return area->end;
	return area->start + offset;
}

static void page_protect(struct space *space, uint64_t at)
{
	uint64_t *entry = table_entry(space->root, at);

	if (entry == NULL || !(*entry & PTE_V) || !(*entry & PTE_W))
		return;
	*entry &= ~PTE_W;
	space_forget(space);
	space_flush_page(space, at);
	space_flush_others(space, false);
}

// Private ones never have the pager's frame to write to; they come last.
void pager_protect(struct pager *pager, uint64_t index)
{
	LIST_EACH(node, &pager->areas) {
		struct area_tracked *t =
			container_of(node, struct area_tracked, node);
		uint64_t at = area_find(&t->area, index);

		if (!t->area.shared)
			break;
		if (at < t->area.end && index * PAGE_SIZE >= t->area.offset)
			page_protect(t->space, at);
	}
}

// Whether anything is mapped in the range.
static bool range_touched(struct space *space, uint64_t at, uint64_t end)
{
	return at < end && table_next(space->root, &at, end) != NULL;
}

bool pager_unmap(struct pager *pager, uint64_t index)
{
	int budget = UNMAP_SPACES;

	LIST_EACH(node, &pager->areas) {
		struct area_tracked *t =
			container_of(node, struct area_tracked, node);
		uint64_t at = area_find(&t->area, index);

		if (!range_touched(t->space, at, t->area.end))
			continue;
		if (budget-- == 0 ||
		    space_discard(t->space, at, t->area.end))
			return true;
	}
	return false;
}

// What may be stored to is somebody's own, or not clean.
static void entry_evict(struct space *space, uint64_t at, const void *frame,
                        bool used_too)
{
	uint64_t *entry = table_entry(space->root, at);

	if (entry == NULL || !(*entry & PTE_V) || (*entry & PTE_W) ||
	    pte_frame(*entry) != frame)
		return;
	space_forget(space);
	if ((*entry & PTE_A) && !used_too) {
		*entry &= ~PTE_A; // a hart that still has it asks again later
		space_flush_page(space, at);
		return;
	}
	frame_put(pte_frame(*entry));
	table_clear(entry);
	space->resident--;
	space_flush_page(space, at);
	space_flush_others(space, false);
}

int pager_evict(struct pager *pager, uint64_t index, const void *frame,
                bool used_too)
{
	int seen = 0;

	LIST_EACH(node, &pager->areas) {
		struct area_tracked *t =
			container_of(node, struct area_tracked, node);
		uint64_t at = area_find(&t->area, index);

		if (seen++ == EVICT_AREAS)
			break;
		if (at < t->area.end && index * PAGE_SIZE >= t->area.offset)
			entry_evict(t->space, at, frame, used_too);
	}
	return seen;
}
