#include "machine/walls.h"
#include "lib/errno.h"

enum { TOR = 1 << 3,             // from the entry before up to this address
       NA4 = 2 << 3,
       NAPOT = 3 << 3 };         // its size in the low bits of the address

static void walls_put(struct walls *walls, uintptr_t address, unsigned config)
{
	walls->address[walls->count] = address;
	walls->config[walls->count++] = config;
}

// Whether a region is a power of two in size, and begins at a multiple of it.
static bool walls_natural(uintptr_t start, uintptr_t size)
{
	return (size & (size - 1)) == 0 && (start & (size - 1)) == 0;
}

// Whether the entry before ends where this region starts.  Of the first one
// nobody knows what is before it in the hart.
static bool walls_follow(const struct walls *walls, uintptr_t start)
{
	unsigned n = walls->count;

	return n && walls->config[n - 1] <= (TOR | 7) &&
	       walls->address[n - 1] == start >> 2;
}

int walls_add(struct walls *walls, uintptr_t start, uintptr_t end, unsigned rights)
{
	uintptr_t size = end - start;
	bool natural = size && walls_natural(start, size);
	bool follow = end && walls_follow(walls, start);
	unsigned need = natural || follow ? 1 : 2;

	if (size == 0 || (end && end < start) ||
	    ((start | end) & (walls->grain - 1)))
		return -EINVAL;
	if (end == 0 && !natural)        // TOR cannot name the end of memory
		return -EINVAL;
	if (walls->count + need > walls->most ||
	    walls->count + need > WALLS_MOST)
		return -ENOSPC;
	if (natural && !follow) {
		walls_put(walls, start >> 2 | (size / 8 - (size > 4)),
		          (size > 4 ? NAPOT : NA4) | rights);
		return 0;
	}
	if (!follow)
		walls_put(walls, start >> 2, 0);
	walls_put(walls, end >> 2, TOR | rights);
	return 0;
}

int walls_finish(struct walls *walls)
{
	int err = 0;

	if (walls->rights)
		err = walls_add(walls, walls->start, walls->end, walls->rights);
	walls->rights = 0;
	return err;
}

int walls_span(struct walls *walls, uintptr_t start, uintptr_t end, unsigned rights)
{
	int err = 0;

	if (rights != walls->rights || start != walls->end) {
		err = walls_finish(walls);
		walls->start = start;
	}
	walls->rights = rights;
	walls->end = end;
	return err;
}
