// An address space as the MMU has it: page tables, and what the TLB keeps of
// them.  (RISC-V Privileged Architecture 1.12, section 4.4.)
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "memory/share.h"
#include "memory/space.h"
#include "memory/table.h"

#define STACK_LIMIT (8ul << 20)

struct space *space_new(void)
{
	struct space *space = kzalloc(sizeof *space);

	if (space == NULL)
		return NULL;
	space->root = table_new();
	if (space->root == NULL) {
		kfree(space);
		return NULL;
	}
	space->refs = 1;
	space->satp = SATP_SV39 | (uintptr_t)space->root >> PAGE_SHIFT;
	space->stack_limit = STACK_LIMIT;
	list_init(&space->areas);
	return space;
}

// ---- the hart's copy of the table ------------------------------------------

// All of them are forgotten at once; or, if there are others who want the lock,
// on the way out of the kernel, where nothing is translated.
static void space_flush_hart(struct hart *hart)
{
	if (hart->load)
		hart->stale = true;
	else
		asm volatile("sfence.vma" ::
		                     : "memory");
}

// After entries were taken away or cut down.  An address space that is not
// loaded is in no TLB, because loading flushes.  What was mapped is free by
// now, but nobody can take it before this pass ends, and no hart uses it any
// more when this returns.
void space_flush(struct space *space)
{
	LOCK_HELD();
	memset(space->cache, 0, sizeof space->cache);
	if (this_hart()->satp == space->satp)
		space_flush_hart(this_hart());
	space_flush_others(space, false);
}

// For an entry that was filled or promoted: the TLB holds nothing better than
// what was there, and the page alone is flushed behind it.
void space_forget(struct space *space)
{
	memset(space->cache, 0, sizeof space->cache);
}

// An entry that became valid may be cached as invalid, and one with too few
// rights as such; so this is needed even where rights only grow.  (Privileged
// Architecture 1.12, section 4.2.1.)
void space_flush_page(struct space *space, uint64_t page)
{
	struct hart *hart = this_hart();

	if (hart->satp != space->satp)
		return;
	if (hart->load)
		hart->stale = true;
	else
		asm volatile("sfence.vma %0" ::"r"(page)
		             : "memory");
}

// A recycled root must not meet a hart that still thinks it has it loaded.
void space_unload(struct space *space)
{
	struct hart *hart = this_hart();

	if (sched_many)
		sched_many->unload(space->satp);
	if (hart->satp != space->satp)
		return;
	hart->satp = 0;
	if (hart->load) {
		hart->stale = true;
		return;
	}
	csr_write(satp, 0);
	asm volatile("sfence.vma" ::
	                     : "memory");
}

// A process that runs goes on without the scheduler, which else loads a space.
// sfence.vma after satp, as the order of the two is not given otherwise.
// (Privileged Architecture 1.12, section 4.2.1.)
void space_load(struct space *space)
{
	struct hart *hart = this_hart();

	hart->satp = space->satp;
	if (hart->load) {
		hart->stale = true;
		return;
	}
	csr_write(satp, space->satp);
	asm volatile("sfence.vma" ::
	                     : "memory");
}

// ---- pages -----------------------------------------------------------------

// The pages of an area come when they are touched.
int64_t space_add(struct space *space, const struct area *area)
{
	return area_add(space, area, 0);
}

// Up to `budget` pages; where to go on, `end` if there is no more.
static uint64_t space_unmap(struct space *space, uint64_t start, uint64_t end, size_t budget)
{
	uint64_t *entry;

	while ((entry = table_next(space->root, &start, end))) {
		if (budget-- == 0)
			return start;
		frame_put(pte_frame(*entry));
		table_clear(entry);
		space->resident--;
		start += PAGE_SIZE;
	}
	return end;
}

bool space_discard(struct space *space, uint64_t start, uint64_t end)
{
	start = space_unmap(space, start, end, SPACE_PASS);
	space_flush(space);
	return start < end;
}

bool space_shrink(struct space *space)
{
	if (space->refs > 1 || space->resident <= SPACE_PASS)
		return false;
	space->done = space_unmap(space, space->done, TABLE_END, SPACE_PASS);
	space_flush(space);
	return space->done < TABLE_END;
}

// Cut first, for that is what may fail; then nothing can.  The tables that are
// freed reach from the neighbour below to that above: one between them is empty
// though it spans more than the range.
int space_remove(struct space *space, uint64_t start, uint64_t end)
{
	uint64_t low = 0, high = TABLE_END;
	int err = space_cut(space, start, end);

	if (err)
		return err;
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->end <= start)
			low = area->end;
		else if (area->start < end)
			area_unlink(space, area);
		else if (area->start < high)
			high = area->start;
	}
	space_unmap(space, start, end, SIZE_MAX);
	table_prune(space->root, low, high);
	space_flush(space);
	return 0;
}

// Entries lose what is taken away; what is given comes with the next fault.
static void restrict_area(struct space *space, struct area *area, uint64_t *at,
                          uint64_t end, size_t *budget)
{
	uint64_t keep = ~PTE_ACCESS, *entry;

	if (*at < area->start)
		*at = area->start;
	if (area->end < end)
		end = area->end;
	if (area->access & USER_READ)
		keep |= PTE_R;
	if (area->access & USER_WRITE)
		keep |= PTE_W;
	if (area->access & USER_EXECUTE)
		keep |= PTE_X;
	for (; (entry = table_next(space->root, at, end)); *at += PAGE_SIZE) {
		if (*budget == 0)
			return;
		--*budget;
		*entry &= keep;
		if (!(*entry & PTE_ACCESS)) // else it would be a table
			*entry &= ~PTE_U, *entry |= PTE_R;
	}
}

// In the same order: cut, which may fail; then change.
int space_protect(struct space *space, uint64_t start, uint64_t end, unsigned access)
{
	int err = space_cut(space, start, end);

	if (err)
		return err;
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start < start || area->start >= end)
			continue;
		area->access = access;
	}
	return 0;
}

bool space_restrict(struct space *space, uint64_t *at, uint64_t end)
{
	size_t budget = SPACE_ENTRIES;

	LIST_EACH(node, &space->areas) {
		if (area_of(node)->start >= end || budget == 0)
			break;
		if (area_of(node)->end > *at)
			restrict_area(space, area_of(node), at, end, &budget);
	}
	space_flush(space);
	return budget == 0;
}

uint64_t space_size(struct space *space)
{
	struct pager *last = NULL;
	uint64_t shared = 0;

	LIST_EACH(node, &space->areas) {
		struct pager *pager = area_of(node)->pager;

		if (pager && pager != last && area_of(node)->shared)
			shared += pager->held;
		last = pager;
	}
	return shared > space->resident ? shared : space->resident;
}

// Area by area, not the whole table: nothing is mapped outside areas.
void space_free(struct space *space)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		space_unmap(space, area->start, area->end, SIZE_MAX);
		area_unlink(space, area);
	}
	table_free(space->root);
	kfree(space);
}
