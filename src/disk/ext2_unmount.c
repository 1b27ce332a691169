// The end of a mount, and what is asked of all of it: sync.
#include "disk/ext2_inode.h"
#include "disk/ext2_super.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "memory/heap.h"

static struct ext2_inode *any_inode(struct ext2 *fs)
{
	for (size_t i = 0; i < sizeof fs->inodes / sizeof fs->inodes[0]; i++)
		if (!list_empty(&fs->inodes[i]))
			return container_of(fs->inodes[i].next,
			                    struct ext2_inode, hash);
	return NULL;
}

#define PAGES 64 // dropped in one pass

// Those that nobody holds, some of them.  PENDING: there are more.
static int64_t drop_some(struct list *pages)
{
	unsigned budget = PAGES;

	LIST_EACH(node, pages) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_object);
		int64_t err = cache_still(page);

		if (err)
			return err;
		if (page->holds)
			continue;
		if (budget-- == 0)
			return park_again();
		cache_drop(page);
	}
	return 0;
}

// Nothing of it is on its way any more.
void ext2_free(struct ext2 *fs)
{
	struct ext2_inode *e;

	if (!fs->reaper.finished)
		ktask_cancel(&fs->reaper);
	journal_free(&fs->journal);
	while ((e = any_inode(fs)) != NULL)
		ext2_inode_free(e);
	if (fs->super_page)
		cache_release(fs->super_page);
	for (uint32_t i = 0; fs->descriptors && i < fs->descriptor_blocks; i++)
		if (fs->descriptors[i])
			cache_release(fs->descriptors[i]);
	LIST_EACH(node, &fs->meta.pages)
		cache_drop(container_of(node, struct cache_page, in_object));
	for (uint32_t i = 0; fs->states && i < fs->groups; i++) {
		kfree(fs->states[i].freed[0]);
		kfree(fs->states[i].freed[1]);
	}
	list_remove(&fs->list);
	kfree(fs->where);
	kfree(fs->descriptors);
	kfree(fs->states);
	kfree(fs);
}

// The root, and what else refers to it.
bool ext2_in_use(struct ext2 *fs, unsigned besides)
{
	unsigned used = fs->inode_count - fs->idle_count - fs->gone;

	return used > 1 || fs->root->refs > 1 + besides;
}

// What is dirty now is begun, then all that is on its way has to end.  Without
// a journal, metadata are pages like others.
static int64_t sync_data(struct ext2 *fs, struct sync_goal *goal)
{
	int64_t err = 0;

	if (goal->step == 0)
		*goal = (struct sync_goal){ 1, writeback_now };
	if (goal->step == 1) {
		err = writeback_until(&fs->disk, goal->value,
		                      fs->journal.present ? &fs->meta : NULL);
		if (err)
			return err;
		*goal = (struct sync_goal){ 2, fs->disk.begun };
	}
	return goal->step == 2 ? transport_until(&fs->disk, goal->value) : 0;
}

int64_t ext2_sync(struct ext2 *fs, struct sync_goal *goal)
{
	struct journal *j = &fs->journal;
	int64_t err = sync_data(fs, goal);

	if (err)
		return err;
	if (goal->step == 2) // the last transaction that there is
		*goal = (struct sync_goal){ 3, j->tid - 1 };
	if (goal->step == 3) {
		err = journal_wait(j, goal->value);
		if (err)
			return err;
		*goal = (struct sync_goal){ 4, fs->disk.clock };
	}
	return fs->disk.device->read_only
	               ? 0
	               : transport_flush(&fs->disk, goal->value);
}

// With what failed of it.
static int64_t unmount_data(struct ext2 *fs)
{
	int64_t err = sync_data(fs, &fs->goal);

	if (err == PENDING)
		return err;
	for (size_t i = 0; i < sizeof fs->inodes / sizeof fs->inodes[0]; i++)
		LIST_EACH(node, &fs->inodes[i])
			if (!err)
				err = container_of(node, struct ext2_inode,
				                   hash)
				              ->data.error;
	return err ? err : fs->meta.error;
}

static int64_t unmount_reap(struct ext2 *fs)
{
	return fs->reaping && !fs->read_only ? park(&fs->reaped) : 0;
}

static int64_t unmount_stop(struct ext2 *fs)
{
	return fs->read_only && !fs->journal.blamed
	               ? 0
	               : journal_stop(&fs->journal);
}

// For e2fsck, and the next mount.  Where the superblock has changes that are
// not committed it stays as it is, and the log's says so alone.
static void mark_spoilt(struct ext2 *fs)
{
	fs->super->state |= EXT2_STATE_ERRORS;
	if (!fs->super_page->journal)
		cache_dirty(fs->super_page);
}

static int64_t unmount_mark(struct ext2 *fs)
{
	if (fs->spoilt)
		mark_spoilt(fs);
	if (fs->read_only)
		return 0;
	fs->super->incompatible &= ~EXT2_INCOMPAT_RECOVER;
	fs->super->state |= EXT2_STATE_CLEAN;
	fs->super->write_time = ext2_now(fs);
	cache_dirty(fs->super_page);
	return 0;
}

int64_t ext2_settle(struct ext2 *fs)
{
	struct ext2_inode *e;
	int64_t err;

	while ((e = any_inode(fs)) != NULL) {
		err = drop_some(&e->data.pages);
		if (err)
			return err;
		ext2_inode_free(e);
	}
	err = drop_some(&fs->meta.pages);
	if (err)
		return err;
	if (fs->journal.busy)
		return park(&fs->journal.slot_waker);
	return fs->disk.flushing ? park(&fs->disk.waker) : 0;
}

static int64_t (*const ends[])(struct ext2 *) = {
	unmount_reap, unmount_data, unmount_stop, unmount_mark,
	ext2_write_super,  ext2_flush, ext2_settle,
};

#define ENDS (int)(sizeof ends / sizeof ends[0])

int64_t ext2_unmount(struct ext2 *fs)
{
	if (fs->phase == 0 && ext2_in_use(fs, 0))
		return -EBUSY;
	fs->stopping = true;
	for (; fs->phase < ENDS; fs->phase++) {
		int64_t err = ends[fs->phase](fs);

		if (err == PENDING)
			return err;
		// A disk that fails is no reason to stay mounted.
		if (err)
			fs->read_only = true;
	}
	ext2_free(fs);
	return 0;
}
