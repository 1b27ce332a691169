#include "disk/reclaim.h"
#include "disk/cache.h"
#include "disk/park.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/pager.h"
#include "memory/shortage.h"
#include "process/task.h"

#define SCAN 512 // pages looked at in one pass, where none is mapped
#define PASS 64 // the same by the task
#define VISITS 256 // areas that the task looks at in one pass, about

// Mapped by a process, or lent to a pipe.
static bool page_shared(const struct cache_page *page)
{
	return page->object->unit == PAGE_SIZE && page_refs(page->data) > 1;
}

// Pages that somebody waits for go only if there are no others, so that those
// who are woken find what they waited for.  Those asked for last may be in the
// hands of whoever needs the memory.
static bool page_stays(const struct cache_page *page, bool fresh_too)
{
	return page->used + CACHE_RECENT > cache_askings ||
	       (page->fresh && !fresh_too) || !waker_idle(&page->waker);
}

static void to_the_end(struct cache_page *page)
{
	list_remove(&page->lru);
	list_add_tail(&cache_lru, &page->lru);
}

// A small one may not be the last of its slab: no frame.
static size_t give_up(struct cache_page *page)
{
	size_t frames = page->object->unit == PAGE_SIZE;

	cache_drop(page);
	return frames;
}

// ---- asking the task ----

static struct ktask task;
static struct waker work = WAKER_INIT(work); // for the task
static struct waker relief = WAKER_INIT(relief); // it has given up some, or all
static bool asked;
static size_t looked; // at pages, since one was given up
static size_t patience; // pages that may be written meanwhile
static size_t hopeless; // with so many clean pages; ~0: was not seen

// As long as there are no more clean pages than when all was tried.
static bool in_vain(void)
{
	if (hopeless != ~0ul && hopeless > cache_counts.clean)
		hopeless = cache_counts.clean;
	return hopeless != ~0ul && hopeless == cache_counts.clean;
}

static bool enough(void)
{
	return page_free_count() >= memory_mark + memory_mark / 2;
}

static void begin(void)
{
	looked = 0;
	patience = cache_counts.dirty + cache_counts.writing;
}

static void kick(void)
{
	if (asked || enough() || in_vain())
		return;
	begin();
	asked = true;
	wake_all(&work);
}

// ---- in the pass that needs memory ----

size_t reclaim_spare(void)
{
	return cache_counts.clean;
}

static size_t reclaim(size_t frames, bool fresh_too)
{
	size_t given = 0, scan = SCAN;

	LIST_EACH(node, &cache_lru) {
		struct cache_page *page =
			container_of(node, struct cache_page, lru);

		if (given == frames || scan-- == 0)
			break;
		if (page_shared(page) || page_stays(page, fresh_too))
			to_the_end(page);
		else
			given += give_up(page);
	}
	return given;
}

// The record of a page goes back to its slab, and the slab to its owner.
size_t reclaim_pages(size_t frames)
{
	size_t given = reclaim(frames, false);

	if (given == 0)
		given = reclaim(frames, true);
	if (given)
		heap_trim();
	if (given < frames)
		kick();
	writeback_kick();
	return given;
}

// ---- the task ----

static bool rounds_over(size_t rounds)
{
	return looked >= rounds * cache_counts.clean;
}

// Whether it is in no address space any more.
static bool page_unmapped(struct cache_page *page, bool used_too, int *visits)
{
	*visits -= pager_evict(page->object->pager, page->index, page->data,
	                       used_too);
	return !page_shared(page);
}

// The first two rounds leave what was used since the one before.
static size_t evict(void)
{
	size_t given = 0, scan = PASS;
	int visits = VISITS;

	LIST_EACH(node, &cache_lru) {
		struct cache_page *page =
			container_of(node, struct cache_page, lru);
		bool used_too = rounds_over(2);

		if (scan-- == 0 || visits <= 0)
			break;
		looked++;
		if (page_stays(page, used_too) ||
		    (page_shared(page) &&
		     !page_unmapped(page, used_too, &visits)))
			to_the_end(page);
		else
			given += give_up(page);
	}
	return given;
}

static int64_t rest(struct ktask *self)
{
	asked = false;
	wake_all(&relief);
	wait_on(&self->waiting, &work);
	return PENDING;
}

// All clean pages were tried; those that were dirty at the beginning may still
// become clean.
static int64_t await_writes(struct ktask *self)
{
	if (patience && writeback_await(&self->waiting)) {
		patience--;
		looked = 0;
		return PENDING;
	}
	hopeless = cache_counts.clean;
	return rest(self);
}

static int64_t reclaim_poll(struct ktask *self)
{
	if (!asked || enough())
		return rest(self);
	if (evict()) {
		heap_trim();
		begin();
		hopeless = ~0ul;
		wake_all(&relief);
	} else if (rounds_over(3)) {
		return await_writes(self);
	}
	return ktask_again(self);
}

// An allocation may fail for another reason than that there is nothing.
static int64_t wait(void)
{
	kick();
	return asked && page_free_count() < memory_mark ? park(&relief)
	                                                : -ENOMEM;
}

void reclaim_init(void)
{
	hopeless = ~0ul;
	memory_wait = wait;
	task.poll = reclaim_poll;
	ktask_spawn(&task);
}
