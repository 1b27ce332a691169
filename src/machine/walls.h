// Which PMP entries make the walls of a program: plain arithmetic, which also
// runs on the host.  (Privileged Architecture 1.12, section 3.7.1.)
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define WALLS_MOST 16            // entries of one plan

enum wall_rights {
	WALL_READ = 1,
	WALL_WRITE = 2,
	WALL_EXECUTE = 4,
};

// What the hart has: entries that may be used, and the bytes of its grain.
// Filled with 0 besides.
struct walls {
	unsigned most;
	uintptr_t grain;         // a power of two, 4 or more
	unsigned count;          // entries planned so far
	uintptr_t address[WALLS_MOST];   // for pmpaddr
	uint8_t config[WALLS_MOST] __attribute__((aligned(8)));
	uintptr_t start, end;    // walls_span(): what is not added yet
	unsigned rights;
};

// Adds [start, end) with these rights; end 0 is the end of all memory.  One
// entry where it begins at the end of the one before, or where its size and
// place allow that; else two.  0, -EINVAL for an empty region or one that is
// not whole grains, or -ENOSPC: nothing was added.
int walls_add(struct walls *walls, uintptr_t start, uintptr_t end, unsigned rights);

// The same for a row of spans in ascending order, of which those that follow
// each other with the same rights become one region.  Spans without rights
// need no entry.  walls_finish() comes after the last one.
int walls_span(struct walls *walls, uintptr_t start, uintptr_t end, unsigned rights);
int walls_finish(struct walls *walls);
