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

// Where the pages of an area come from, if not from nothing (zeroes).
struct pager {
	// The frame with page `index`, with a reference taken if it lies in
	// the pool.  It is mapped as it is when shared, else copied before it
	// is written.  0, -errno, or PENDING.
	int64_t (*page)(struct pager *pager, uint64_t index, void **frame);
	void (*get)(struct pager *pager);
	void (*put)(struct pager *pager);
	uint64_t held; // frames that are there as long as the pager is
};

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
// 0, -ENOMEM.
int space_add(struct space *space, const struct area *area);

// The area with the address; NULL: none.
struct area *space_area(struct space *space, uint64_t address);

// A hole of this size as high as possible below SPACE_MAP_TOP; 0: none.
uint64_t space_hole(struct space *space, uint64_t size);

// After this no area crosses the address.  0, -ENOMEM.
int space_cut(struct space *space, uint64_t at);

// For the floor above: in and out of the list, with the pager's reference.
void area_link(struct space *space, struct area *area);
void area_unlink(struct space *space, struct area *area);

static inline struct area *area_of(struct list *node)
{
	return container_of(node, struct area, node);
}
