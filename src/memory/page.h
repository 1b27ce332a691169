// Page frames: a buddy allocator over one range of physical memory, with a
// counted reference per block.  Kernel addresses are physical, so a frame is
// simply a pointer.
#pragma once
#include "lib/list.h"
#include "machine/sizes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE ((size_t)1 << PAGE_SHIFT)
#define PAGE_MASK (PAGE_SIZE - 1)

enum page_kind {
	PAGE_INSIDE, // not the first frame of a block
	PAGE_FREE,   // heads a free block of the buddy allocator
	PAGE_HOT,    // free, kept at hand on the hot list
	PAGE_USED,   // heads a block in use; so do all kinds below
	PAGE_SLAB,   // holds small objects of the kernel heap
	PAGE_HEAP,   // one large object of the kernel heap
	PAGE_TABLE,  // a page table of a process
};

// One per frame.  kind may be changed by the owner of a block in use.
struct page {
	struct list node; // free: on a list; used: the owner's
	uint32_t refs;    // of a block in use, at its first frame
	uint8_t order;
	uint8_t kind;
	uint8_t poisoned; // DEBUG: 0xa5 throughout since it was freed
	uint8_t slab_class;
	union {
		uint16_t lo; // the owner's, 0 at first
		uint16_t slab_fresh;
	};
	uint16_t hi; // the owner's, 0 at first
	uint16_t slab_used, slab_free;
};

// Takes [start, end).  The array of struct page lies at start; no memory is
// touched here, however large the range: entries are made as they are needed.
void page_init(uintptr_t start, uintptr_t end);

// A block of 2^order frames, aligned to its size, contents undefined, one
// reference; NULL when there is none.
void *page_alloc(unsigned order);
void *page_alloc_zeroed(void); // one frame

// One reference more, or less: with the last one the block is free.  Any
// address within the first frame of the block will do.
void page_get(void *frame);
void page_put(void *frame);
uint32_t page_refs(const void *frame); // 0 outside the pool

// For page_of() and its way back, which every call takes.
extern struct page_pool {
	struct page *pages; // [0] is that of the frame at base
	uintptr_t base;
	size_t frontier; // entries below this index are valid
	size_t free_count; // exact: free, hot and beyond the frontier
} page_pool;

// NULL for what was never handed out from here, as the initrd.
static inline struct page *page_of(const void *address)
{
	size_t index = ((uintptr_t)address - page_pool.base) >> PAGE_SHIFT;

	if (index >= page_pool.frontier)
		return NULL;

	return &page_pool.pages[index];
}

static inline void *page_address(const struct page *page)
{
	size_t index = page - page_pool.pages;

	return (void *)(page_pool.base + (index << PAGE_SHIFT));
}

// In frames.  Free includes all that lies beyond the frontier.
static inline size_t page_free_count(void)
{
	return page_pool.free_count;
}

size_t page_total(void);

// A floor that keeps what can be had again sets these: how many frames it could
// give up, and giving up so many; how many it did.
extern size_t (*page_spare)(void);
extern size_t (*page_reclaim)(size_t frames);

void page_zero(void *frame);
void page_copy(void *to, const void *from);

// For tests: with n > 0 every n-th allocation, of pages or of the kernel heap,
// fails as if memory were out.
void page_fail_every(uint64_t n);
extern uint64_t page_fail_after;
bool page_fails_now(void);

static inline bool alloc_fails(void)
{
	return __builtin_expect(page_fail_after != 0, 0) && page_fails_now();
}
