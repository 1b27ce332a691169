// An address space on a hart without an MMU: blocks of memory, each in one
// piece, and its address is its address.  The first one is the program's home:
//
//	guard    a page without rights: what overflows the stack ends here
//	stack    RW-
//	vdso     R-X, one page
//	image    text R-X, constants R--, data and bss RW-
//	room     RW-, for brk() from below and mmap() from above
//
// The others come and go with mmap().  All of a block is zero when it is new,
// and so is what no area covers.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "machine/walls.h"
#include "memory/space.h"

#define BLOCKS_MOST 12           // each needs an entry of the PMP, or two

struct block {
	uintptr_t start, end;
};

struct blocks {
	struct space space;      // satp is the address of this, for nobody else
	struct walls walls;      // has it, and it names no page table
	unsigned count;
	struct block block[BLOCKS_MOST];
};

static inline struct blocks *blocks_of(struct space *space)
{
	return (struct blocks *)space;
}

// Memory of this size at least, zeroed; NULL when there is none in one piece.
const struct block *blocks_take(struct space *space, uint64_t size);

// Gives back what no area lies in, the home apart.
void blocks_trim(struct space *space);

// Walls after areas have changed, for the hart as well if it has the space
// loaded, with so many entries to spare.  0; -ENOMEM: the PMP has too few, and
// the old walls stay.
int blocks_plan(struct space *space, unsigned spare);

// From here on harts are given what blocks_plan() found.
void blocks_init(void);
