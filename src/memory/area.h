// The areas of an address space: which addresses mean something, and what.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "lib/list.h"
#include <stdbool.h>
#include <stdint.h>

#define SPACE_AREAS 1024         // the most areas in a space
#define SPACE_MAP_TOP (1ul << 38) // mmap goes downwards from here

struct space;

struct pager;

// How far a sync has come, and what it waits for: what is written later is not
// its business.  Zeroes at its beginning.
struct sync_goal {
	unsigned step;
	uint64_t value;
};

// What a pager can do.  Those that may wait park what runs, answer PENDING, and
// are asked again.
struct pager_ops {
	// The frame with page `index`, with a reference taken if it lies in
	// the pool.  It is mapped as it is when shared, else copied before it
	// is written.  0, -errno, or PENDING.
	int64_t (*page)(struct pager *pager, uint64_t index, void **frame);
	void (*get)(struct pager *pager);
	void (*put)(struct pager *pager);
	// The same, and the frame is going to be stored to by a shared area
	// until pager_protect(): the pager keeps what is stored.  NULL: it
	// does so anyway.
	int64_t (*store)(struct pager *pager, uint64_t index, void **frame);
	// What was stored before now is lasting.  NULL: there is no such thing.
	int64_t (*sync)(struct pager *pager, struct sync_goal *goal);
	// So many pages will be wanted soon: a hint, which waits for nothing.
	void (*ahead)(struct pager *pager, uint64_t index, uint64_t count);
};

// Where the pages of an area come from, if not from nothing (zeroes).
struct pager {
	const struct pager_ops *ops;
	uint64_t held; // frames that are there as long as the pager is
	bool changes; // pages may go, or become read-only: see pager.h
	uint32_t shared; // shared areas that map it
	struct list areas; // if it changes: all of them, shared ones first
};

#define PAGER_SHARED 1024 // shared areas of one pager that changes, at most

struct area {
	struct list node;        // in address order
	uint64_t start, end;     // multiples of PAGE_SIZE
	uint8_t access;          // USER_READ | USER_WRITE | USER_EXECUTE
	bool shared;             // writes are seen by all who map the pager
	bool sealed;             // shared, but of a file that was opened to
	                         // read: mprotect() must not make it writable
	struct pager *pager;     // NULL: zeroes
	uint64_t offset;         // of start in the pager, in bytes
	uint64_t valid;          // end of the pager's bytes, from start; what
	                         // lies behind is zero
};

// Adds an area, which overlaps no other; takes a reference of the pager.
// 0, -ENOMEM; without an MMU the contents come now: -EIO or PENDING, too.
int64_t space_add(struct space *space, const struct area *area);

// The same for the list alone.  One that is alike and ends where it starts
// becomes longer instead, if it starts at `from` or above.  0, -ENOMEM.
int area_add(struct space *space, const struct area *area, uint64_t from);

// The area with the address; NULL: none.
struct area *space_area(struct space *space, uint64_t address);

// A hole of this size as high as possible below SPACE_MAP_TOP; 0: none.
uint64_t space_hole(struct space *space, uint64_t size);

// After this no area crosses either end of the range.  0, -ENOMEM.
int space_cut(struct space *space, uint64_t start, uint64_t end);

// A copy that is in no space yet: for area_link(), else kfree().  NULL when out
// of memory, or when the pager has as many as it may have.
struct area *area_new(const struct area *like);

// In and out of the list, with the pager's reference.
void area_link(struct space *space, struct area *area);
void area_unlink(struct space *space, struct area *area);

// What is kept of an area whose pager changes, so that the pager finds it.
struct area_tracked {
	struct area area;
	struct list node; // in pager->areas
	struct space *space;
};

static inline bool area_is_tracked(const struct area *area)
{
	return area->pager && area->pager->changes;
}

static inline struct area *area_of(struct list *node)
{
	return container_of(node, struct area, node);
}
