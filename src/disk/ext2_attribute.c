// What files have beside contents: their length, attributes; and that all of
// it is lasting.
#include "disk/ext2_file.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "disk/ext2_orphan.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/string.h"

#define FEW 64 // pages that are dropped at once

// ---- cutting ----

static uint64_t pages_of(uint64_t size)
{
	return (size + CACHE_PAGE - 1) / CACHE_PAGE;
}

// Whether the pages from `end` on are few, and can be dropped now.
static bool can_drop(struct ext2_inode *e, uint64_t end)
{
	if (e->data.count > FEW)
		return false;
	LIST_EACH(node, &e->data.pages) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_object);

		if (page->index >= end &&
		    (page->reading || page->writing || page->holds ||
		     journal_awaits(&e->fs->journal, page)))
			return false;
	}
	return true;
}

static void drop(struct ext2_inode *e, uint64_t end)
{
	LIST_EACH(node, &e->data.pages) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_object);

		if (page->index >= end)
			cache_drop(page);
	}
}

// The rest of the last page is zero from now on, in memory.
static void zero_tail(struct ext2_inode *e)
{
	struct cache_page *page =
		cache_find(&e->data, e->inode.size / CACHE_PAGE);
	size_t keep = e->inode.size % CACHE_PAGE;
	uint32_t size = e->fs->block_size;

	if (page == NULL || keep == 0)
		return;
	if (page->valid)
		memset((char *)page->data + keep, 0, CACHE_PAGE - keep);
	// Blocks behind the last one are not the file's any more.
	for (uint32_t i = (keep + size - 1) / size; i < CACHE_PAGE / size; i++)
		page->block[i] = 0;
}

// Nothing of the page that stays in part is on its way to blocks that go.
static int64_t tail_still(struct ext2_inode *e, uint64_t size)
{
	struct cache_page *page = cache_find(&e->data, size / CACHE_PAGE);

	return page && size % CACHE_PAGE
	               ? journal_still(&e->fs->journal, page)
	               : 0;
}

// A short cut is one change; else the rest is left to the reaper, and the file
// is an orphan until that is done.  `more` says which.
static int64_t cut(struct ext2_inode *e, uint64_t size, bool *more)
{
	uint32_t block = e->fs->block_size;
	int64_t err = ext2_change_inode(e);

	if (err)
		return err;
	ext2_set_size(e, size);
	ext2_touch(e, true);
	*more = !can_drop(e, pages_of(size));
	if (!*more) {
		err = ext2_map_cut(e, (size + block - 1) / block);
		if (err < 0)
			return err;
		*more = err;
	}
	return *more && list_empty(&e->orphan) ? ext2_orphan_add(e) : 0;
}

static int64_t shrink(struct ext2_inode *e, uint64_t size)
{
	bool more = false;
	int64_t err = cut(e, size, &more);

	err = ext2_end(e->fs, err, e, NULL);
	if (err)
		return err;
	e->tail = true;
	zero_tail(e);
	if (can_drop(e, pages_of(size)))
		drop(e, pages_of(size));
	if (!more)
		return 0;
	e->cutting = true;
	if (list_empty(&e->orphan))
		ext2_orphan_added(e);
	ext2_orphan_wake(e);
	return 0;
}

int64_t ext2_truncate(struct inode *inode, uint64_t size)
{
	struct ext2_inode *e = ext2_of(inode);
	int64_t err = 0;

	if (size > ext2_blocks_most(e->fs) * e->fs->block_size)
		return -EFBIG;
	if (e->cutting)
		return e->given_up ? -EIO : park(&e->fs->reaped);
	if (size < inode->size)
		err = tail_still(e, size);
	if (!err)
		err = journal_begin(&e->fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	if (size < inode->size)
		return shrink(e, size);
	err = ext2_change_inode(e);
	if (!err && size > inode->size)
		err = ext2_grow(e, size, ~0ul);
	if (!err)
		ext2_touch(e, true);
	return ext2_end(e->fs, err, e, NULL);
}

// ---- lasting ----

// What is dirty now is begun.  Without a journal, metadata are pages like
// others.
static int64_t fsync_begin(struct ext2_inode *e, uint64_t since)
{
	struct ext2 *fs = e->fs;
	int64_t err = writeback_object_until(&e->data, since);

	if (!err && !fs->journal.present && !fs->read_only)
		err = writeback_object_until(&fs->meta, since);
	return err;
}

// A write that failed is told once.
static int64_t fsync_error(struct ext2_inode *e)
{
	struct cache_object *failed = e->data.error ? &e->data : &e->fs->meta;
	int64_t err = failed->error;

	failed->error = 0;
	return err;
}

// When that was written which the file had to be at the beginning, or later.
static uint64_t fsync_clock(const struct ext2_inode *e)
{
	uint64_t meta = e->fs->journal.present ? 0 : e->fs->meta.written;

	return meta > e->data.written ? meta : e->data.written;
}

// Each step has a goal of its own that others cannot move by writing on.
int64_t ext2_fsync(struct inode *inode, bool data_only, struct sync_goal *goal)
{
	struct ext2_inode *e = ext2_of(inode);
	struct ext2 *fs = e->fs;
	int64_t err = 0;

	(void)data_only; // times are committed with the rest
	if (goal->step == 0)
		*goal = (struct sync_goal){ 1, writeback_now };
	if (goal->step == 1) {
		err = fsync_begin(e, goal->value);
		if (err)
			return err;
		*goal = (struct sync_goal){ 2, fs->disk.begun };
	}
	if (goal->step == 2) {
		err = transport_until(&fs->disk, goal->value);
		if (!err)
			err = fsync_error(e);
		if (err)
			return err;
		*goal = (struct sync_goal){ 3, e->tid };
	}
	if (goal->step == 3) {
		err = journal_wait(&fs->journal, goal->value);
		if (err)
			return err;
		*goal = (struct sync_goal){ 4, fsync_clock(e) };
	}
	return transport_flush(&fs->disk, goal->value);
}

// ---- attributes ----

// Nanoseconds in the upper 30 bits, 2 more bits of the seconds in the lower.
static uint32_t extra(int64_t seconds, uint32_t nanoseconds)
{
	return nanoseconds << 2 | ((seconds - (int32_t)seconds) >> 32 & 3);
}

static void set_times(struct ext2_inode *e, const struct ext2_attributes *to)
{
	struct ext2_raw *raw = e->raw;
	bool more = e->fs->inode_size >= sizeof *raw &&
	            raw->extra_size >= EXT2_EXTRA_SIZE;

	if (to->set_atime) {
		raw->atime = to->atime.seconds;
		if (more)
			raw->atime_extra = extra(to->atime.seconds,
			                         to->atime.nanoseconds);
	}
	if (to->set_mtime) {
		raw->mtime = to->mtime.seconds;
		if (more)
			raw->mtime_extra = extra(to->mtime.seconds,
			                         to->mtime.nanoseconds);
	}
}

int64_t ext2_set(struct inode *inode, const struct ext2_attributes *to)
{
	struct ext2_inode *e = ext2_of(inode);
	int64_t err = journal_begin(&e->fs->journal, JOURNAL_CREDITS);

	if (err)
		return err;
	err = ext2_change_inode(e);
	if (!err) {
		struct ext2_raw *raw = e->raw;

		if (to->set_mode)
			raw->mode = (raw->mode & S_IFMT) | (to->mode & 07777);
		if (to->set_uid)
			raw->uid = to->uid, raw->uid_high = to->uid >> 16;
		if (to->set_gid)
			raw->gid = to->gid, raw->gid_high = to->gid >> 16;
		ext2_touch(e, false);
		set_times(e, to);
	}
	return ext2_end(e->fs, err, e, NULL);
}
