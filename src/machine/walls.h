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
	uint8_t config[WALLS_MOST];
};

// Adds [start, end) with these rights; end 0 is the end of all memory.  One
// entry where its size and place allow that, or where it begins at the end of
// the one before; else two.  0, -EINVAL for an empty region or one that is not
// whole grains, or -ENOSPC: nothing was added.
int walls_add(struct walls *walls, uintptr_t start, uintptr_t end, unsigned rights);
