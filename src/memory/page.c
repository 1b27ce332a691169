// The buddy allocator.  A free block of order n is 2^n frames, aligned to its
// size; two buddies that are both free become one block of the next order.
//
// Start-up must not cost per frame, so the pool grows: frames from 0 to the
// frontier have a valid struct page, those beyond it have never been touched.
#include "memory/page.h"
#include "lib/string.h"
#include "machine/lock.h"
#include "machine/panic.h"

#define HOT_MAX 128 // frames kept at hand: bounds the pass that drains them
#define POISON  (~0ul / 255 * 0xa5)

struct page_pool page_pool;
static size_t total;      // frames that the array has entries for
static struct list free_blocks[PAGE_MAX_ORDER + 1];

// Single frames that were freed last, as a stack through node.next: most
// allocations and frees end here, and find the frame still in the cache.
static struct list *hot;
static unsigned hot_count;

uint64_t page_fail_after;
static uint64_t fail_count;

void page_fail_every(uint64_t n)
{
	page_fail_after = n;
	fail_count = 0;
}

// One counter for both allocators: n counts on through page and heap, so a run
// for each n reaches every place that allocates.
bool page_fails_now(void)
{
	return ++fail_count % page_fail_after == 0;
}

void page_init(uintptr_t start, uintptr_t end)
{
	start = (start + PAGE_MASK) & ~PAGE_MASK;
	end &= ~PAGE_MASK;
	total = 0;
	if (end > start)
		total = (end - start) / (PAGE_SIZE + sizeof(struct page));
	// The frames go to the very end, the array to the start; the slack
	// between them is less than a frame.
	page_pool.pages = (struct page *)start;
	page_pool.base = end - total * PAGE_SIZE;
	page_pool.frontier = 0;
	page_pool.free_count = total;
	hot = NULL;
	hot_count = 0;
	for (int order = 0; order <= PAGE_MAX_ORDER; order++)
		list_init(&free_blocks[order]);
}

// The block that would make one of the next order with this one.  It may start
// below the pool, where the index wraps round, or beyond the frontier.
static struct page *free_buddy(const struct page *page, unsigned order)
{
	size_t first = page_pool.base >> PAGE_SHIFT;
	// By the frame's physical number, so that a block is aligned in memory
	// and not just in the pool.
	size_t index =
		((first + (page - page_pool.pages)) ^ (1ul << order)) - first;

	if (index >= page_pool.frontier)
		return NULL;

	struct page *buddy = &page_pool.pages[index];

	return buddy->kind == PAGE_FREE && buddy->order == order ? buddy : NULL;
}

static void add_free(struct page *page, unsigned order)
{
	page->kind = PAGE_FREE;
	page->order = order;
	list_add_head(&free_blocks[order], &page->node);
}

// At most 10 steps, whatever the size of the pool.
static void give_back(struct page *page, unsigned order)
{
	struct page *buddy;

	while (order < PAGE_MAX_ORDER && (buddy = free_buddy(page, order))) {
		list_remove(&buddy->node);
		// Only the lower one heads the larger block.
		page->kind = buddy->kind = PAGE_INSIDE;
		if (buddy < page)
			page = buddy;
		order++;
	}
	add_free(page, order);
}

// Moves the frontier by the largest block that fits and is aligned.
static bool grow(void)
{
	size_t at = page_pool.frontier;
	size_t number = (page_pool.base >> PAGE_SHIFT) + at;
	unsigned order = PAGE_MAX_ORDER;
	struct page *page = &page_pool.pages[at];

	if (at == total)
		return false;
	while (number & ((1ul << order) - 1) || at + (1ul << order) > total)
		order--;
	// All PAGE_INSIDE: 32 KiB cleared for 4 MiB won, once.
	memset(page, 0, sizeof(*page) << order);
	page_pool.frontier += 1ul << order;
	give_back(page, order);
	return true;
}

static inline struct page *pop_hot(void)
{
	struct page *page = container_of(hot, struct page, node);

	hot = hot->next;
	hot_count--;
	return page;
}

// Hands the hot frames to their buddies: they may add up to what is needed.
static bool drain_hot(void)
{
	if (!hot)
		return false;
	while (hot)
		give_back(pop_hot(), 0);
	return true;
}

static struct page *take_block(unsigned order)
{
	unsigned from = order;

	while (from <= PAGE_MAX_ORDER && list_empty(&free_blocks[from]))
		from++;
	if (from > PAGE_MAX_ORDER)
		return NULL;

	struct page *page =
		container_of(free_blocks[from].next, struct page, node);

	list_remove(&page->node);
	// Halved until it fits; each upper half stays free.
	while (from > order) {
		from--;
		add_free(page + (1ul << from), from);
	}
	return page;
}

// What was used before goes first; memory never touched, last but one.
static struct page *find_block(unsigned order)
{
	struct page *page;

	if (order > PAGE_MAX_ORDER)
		return NULL;
	while (!(page = take_block(order)))
		if (!grow() && !drain_hot())
			return NULL;
	return page;
}

// Only frames that went through page_put() hold the pattern, so each says so.
static void check_poison(struct page *page, unsigned order)
{
	for (size_t i = 0; i < 1ul << order; i++) {
		const unsigned long *word = page_address(page + i);

		if (!page[i].poisoned)
			continue;
		page[i].poisoned = false;
		for (size_t w = 0; w < PAGE_SIZE / sizeof(*word); w++)
			if (word[w] != POISON)
				panic("free memory was written: %p holds %lx",
				      &word[w], word[w]);
	}
}

static void poison(struct page *page, unsigned order)
{
	memset(page_address(page), (uint8_t)POISON, PAGE_SIZE << order);
	for (size_t i = 0; i < 1ul << order; i++)
		page[i].poisoned = true;
}

static inline void *hand_out(struct page *page, unsigned order)
{
	page->refs = 1;
	page->order = order;
	page->kind = PAGE_USED;
	page->lo = page->hi = 0;
	page_pool.free_count -= 1ul << order;
	if (DEBUG)
		check_poison(page, order);
	return page_address(page);
}

static size_t none_spare(void)
{
	return 0;
}

static size_t none_reclaimed(size_t frames)
{
	(void)frames;
	return 0;
}

size_t (*page_spare)(void) = none_spare;
size_t (*page_reclaim)(size_t frames) = none_reclaimed;

#define TRIES 6 // to reclaim, four times as much at each

// Not inline: page_alloc()'s short way then needs no stack frame.
static __attribute__((noinline)) void *alloc_block(unsigned order)
{
	struct page *page = alloc_fails() ? NULL : find_block(order);
	size_t frames = 1ul << order;

	// What is given up lies here and there: it may take a good deal of it
	// until two that are free are buddies.
	for (int tries = 0; !page && !page_fail_after && tries < TRIES;
	     tries++, frames *= 4) {
		if (page_reclaim(frames) == 0)
			break;
		page = find_block(order);
	}
	return page ? hand_out(page, order) : NULL;
}

void *page_alloc(unsigned order)
{
	LOCK_HELD();
	if (order || !hot || page_fail_after)
		return alloc_block(order);
	return hand_out(pop_hot(), 0);
}

void *page_alloc_zeroed(void)
{
	void *frame = page_alloc(0);

	if (frame)
		page_zero(frame);
	return frame;
}

// Why no block in use starts at this frame.
static __attribute__((noinline, noreturn)) void bad_frame(const void *frame,
                                                          const void *caller)
{
	const struct page *page = page_of(frame);

	if (!page)
		panic("%p is no page frame of the pool, says %p", frame,
		      caller);
	if (page->kind == PAGE_INSIDE)
		panic("%p is inside a block of pages, not its start, says %p",
		      frame, caller);
	panic("%p is a free page: freed twice? says %p", frame, caller);
}

static inline bool in_use(const struct page *page)
{
	return page && page->kind >= PAGE_USED;
}

void page_get(void *frame)
{
	struct page *page = page_of(frame);

	LOCK_HELD();
	if (!in_use(page))
		bad_frame(frame, __builtin_return_address(0));
	page->refs++;
}

static __attribute__((noinline)) void free_block(struct page *page)
{
	give_back(page, page->order);
}

void page_put(void *frame)
{
	struct page *page = page_of(frame);

	LOCK_HELD();
	if (!in_use(page))
		bad_frame(frame, __builtin_return_address(0));
	if (--page->refs)
		return;
	page_pool.free_count += 1ul << page->order;
	if (DEBUG) // so that a use after this shows
		poison(page, page->order);
	if (page->order == 0 && hot_count < HOT_MAX) {
		page->kind = PAGE_HOT;
		page->node.next = hot;
		hot = &page->node;
		hot_count++;
	} else {
		free_block(page);
	}
}

uint32_t page_refs(const void *frame)
{
	const struct page *page = page_of(frame);

	return in_use(page) ? page->refs : 0;
}

size_t page_total(void)
{
	return total;
}

void page_zero(void *frame)
{
	memset(frame, 0, PAGE_SIZE);
}

void page_copy(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}
