#include "memory/range.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "memory/table.h"

// A range of whole pages that user mode could have.
bool range_valid(uint64_t start, uint64_t size)
{
	return start % PAGE_SIZE == 0 && size <= TABLE_END &&
	       start <= TABLE_END - page_up(size);
}

// Whether all of it is mapped.
// Areas are in order, so each step is one look-up; a gap ends it.
bool range_mapped(struct space *space, uint64_t start, uint64_t end)
{
	while (start < end) {
		struct area *area = space_area(space, start);

		if (area == NULL)
			return false;
		start = area->end;
	}
	return true;
}

bool range_sealed(struct space *space, uint64_t start, uint64_t end)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start < end && start < area->end && area->sealed)
			return true;
	}
	return false;
}

bool range_free(struct space *space, uint64_t start, uint64_t end)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start < end && start < area->end)
			return false;
	}
	return true;
}

// Like Linux's heuristic: only what could never be there is refused.  When
// memory is short, who holds little may still take a little more.
bool memory_could_hold(const struct space *space, uint64_t size)
{
	uint64_t pages = size / PAGE_SIZE;

	return pages <= memory_spare() ||
	       pages + space->resident <= memory_free();
}
