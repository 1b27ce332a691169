#include "disk/storage.h"
#include "disk/cache.h"
#include "disk/ext2_index.h"
#include "disk/ext2_super.h"
#include "disk/mounting.h"
#include "disk/park.h"
#include "disk/reclaim.h"
#include "disk/shutdown.h"
#include "disk/writeback.h"
#include "files/open.h"
#include "memory/page.h"

#define STEPS 8 // more than a sync has

// One after the other, in the order of their numbers, which is that in which
// they were mounted.  The phase says which one, and how far it has come.
static int64_t sync_all(struct future *future)
{
	int64_t err = 0;

	LIST_EACH(node, &ext2_mounts) {
		struct ext2 *fs = container_of(node, struct ext2, list);
		int number = fs->device * STEPS;
		struct sync_goal goal = { 0 };
		int64_t one;

		if (number + STEPS <= future->phase)
			continue;
		if (number <= future->phase)
			goal = (struct sync_goal){ future->phase - number,
				                   future->goal };
		one = ext2_sync(fs, &goal);
		if (one == PENDING) {
			future->phase = number + goal.step;
			future->goal = goal.value;
			return one;
		}
		err = err ? err : one;
	}
	return err;
}

// What was read can be read again; the indices cost more to make.
static size_t spare(void)
{
	return reclaim_spare() + ext2_index_spare();
}

static size_t reclaim(size_t frames)
{
	size_t given = reclaim_pages(frames);

	return given ? given : ext2_index_reclaim(frames);
}

// A bucket for four frames: the table takes a page in 2,048.  An eighth of the
// memory may be dirty.
void storage_init(void)
{
	park_init();
	cache_init(page_total() / 4);
	page_spare = spare;
	page_reclaim = reclaim;
	writeback_init(page_total() / 8);
	reclaim_init();
	open_sync_all = sync_all;
	mounting_init();
	shutdown_init();
}
