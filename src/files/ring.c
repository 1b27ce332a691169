#include "files/ring.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/shortage.h"

void ring_init(struct ring *ring)
{
	ring->size = RING_SIZE;
	ring->frames = ring->first;
}

void ring_free(struct ring *ring)
{
	for (size_t i = 0; i < ring->size / PAGE_SIZE; i++)
		if (ring->frames[i])
			page_put(ring->frames[i]);
	if (ring->frames != ring->first)
		kfree(ring->frames);
}

static char **ring_slot(const struct ring *ring, uint64_t at)
{
	return &ring->frames[(at & (ring->size - 1)) / PAGE_SIZE];
}

// The byte at a position; NULL when there is no memory for its page.
static char *ring_byte(struct ring *ring, uint64_t at)
{
	char **slot = ring_slot(ring, at);

	if (*slot == NULL && !memory_scarce())
		*slot = page_alloc(0);
	return *slot ? *slot + at % PAGE_SIZE : NULL;
}

size_t ring_fill(struct ring *ring, struct transfer *from, size_t size,
                 int64_t *err)
{
	size_t done = 0;

	while (done < size) {
		uint64_t at = ring->head + done;
		size_t part = page_part(at, size - done);
		char *to = ring_byte(ring, at);

		*err = to ? transfer_in(from, to, part) : -ENOMEM;
		if (*err)
			break;
		done += part;
	}
	return done;
}

size_t ring_take(const struct ring *ring, struct transfer *to, size_t size,
                 int64_t *err)
{
	size_t done = 0;

	while (done < size) {
		uint64_t at = ring->tail + done;
		size_t part = page_part(at, size - done);

		*err = transfer_out(to, *ring_slot(ring, at) + at % PAGE_SIZE,
		                    part);
		if (*err)
			break;
		done += part;
	}
	return done;
}

// The frames of pages that are read to their end are let go, unless the ring
// has come round and there are new bytes at their start.
static void ring_forget(struct ring *ring, uint64_t from)
{
	for (from &= ~PAGE_MASK; from + PAGE_SIZE <= ring->tail;
	     from += PAGE_SIZE) {
		char **slot = ring_slot(ring, from);

		if (ring->head > from + ring->size)
			continue;
		page_put(*slot);
		*slot = NULL;
	}
}

void ring_drop(struct ring *ring, size_t size)
{
	uint64_t from = ring->tail;

	ring->tail += size;
	if ((from ^ ring->tail) & ~PAGE_MASK)
		ring_forget(ring, from);
}

// What is in one ring goes to the start of an empty one.
static int ring_copy(struct ring *to, const struct ring *from)
{
	size_t used = ring_used(from);

	while (to->head < used) {
		uint64_t at = from->tail + to->head;
		size_t part = page_part(at, used - to->head);
		char *byte = ring_byte(to, to->head);

		if (byte == NULL)
			return -ENOMEM;
		part = page_part(to->head, part);
		memcpy(byte, *ring_slot(from, at) + at % PAGE_SIZE, part);
		to->head += part;
	}
	return 0;
}

int ring_resize(struct ring *ring, size_t size)
{
	struct ring fresh = { .size = size };
	int err;

	if (ring_used(ring) > size || ring_used(ring) > TRANSFER_PASS)
		return -EBUSY;
	fresh.frames = kzalloc(size / PAGE_SIZE * sizeof fresh.frames[0]);
	if (fresh.frames == NULL)
		return -ENOMEM;
	err = ring_copy(&fresh, ring);
	ring_free(err ? &fresh : ring);
	if (!err)
		*ring = fresh;
	return err;
}
