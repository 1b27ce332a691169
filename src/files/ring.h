// A ring of bytes made of page frames: they come when they are written to, and
// go when they have been read.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/transfer.h"
#include "memory/page.h"

#define RING_SIZE 65536
#define RING_PAGES (RING_SIZE / PAGE_SIZE)

// Positions count bytes since the ring was made; what lies in [tail, head) was
// written and not read.
struct ring {
	uint64_t head, tail;
	size_t size; // a power of two, whole pages
	char **frames; // NULL where nothing was written
	char *first[RING_PAGES];
};

static inline size_t ring_used(const struct ring *ring)
{
	return ring->head - ring->tail;
}

static inline size_t ring_room(const struct ring *ring)
{
	return ring->size - ring_used(ring);
}

// A ring whose memory is zeroed.
void ring_init(struct ring *ring);
void ring_free(struct ring *ring);

// Copies `size` bytes that there is room for; how many were, and *err why not
// all.  They are in the ring once head is behind them.
size_t ring_fill(struct ring *ring, struct transfer *from, size_t size,
                 int64_t *err);

// Copies `size` bytes that are there; they are out with ring_drop().
size_t ring_take(const struct ring *ring, struct transfer *to, size_t size,
                 int64_t *err);
void ring_drop(struct ring *ring, size_t size);

// Another size, a power of two.  0, -EBUSY if what is in it would not fit, or
// is too much to be moved in a pass, or -ENOMEM.
int ring_resize(struct ring *ring, size_t size);
