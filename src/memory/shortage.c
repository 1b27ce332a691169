#include "memory/shortage.h"
#include "lib/errno.h"
#include "memory/heap.h"
#include "memory/remains.h"
#include "memory/table.h"

size_t memory_mark, memory_last_mark;

size_t memory_free(void)
{
	return page_free_count() + table_spare() + heap_spare() + page_spare() +
	       remains_spare();
}

size_t memory_spare(void)
{
	size_t left = memory_free();

	return left > memory_mark ? left - memory_mark : 0;
}

// Only when the count is already too low: giving back costs a pass each time,
// and what is kept at hand is what makes the next fork fast.
bool memory_still_below(size_t frames)
{
	table_trim();
	heap_trim();
	remains_reclaim(frames);
	if (page_free_count() < frames)
		page_reclaim(frames - page_free_count());
	return page_free_count() < frames;
}

static int64_t nobody_waits(void)
{
	return -ENOMEM;
}

int64_t (*memory_wait)(void) = nobody_waits;

// Of 128 MiB: 2 MiB for those that run to go on with, 512 KiB for their calls.
void shortage_init(void)
{
	memory_mark = page_total() / 64;
	memory_last_mark = page_total() / 256;
}
