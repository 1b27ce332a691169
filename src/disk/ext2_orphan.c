#include "disk/ext2_orphan.h"
#include "disk/ext2_alloc.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "disk/park.h"
#include "lib/errno.h"

#define STEPS 1 // in one turn of the task
#define PAGES 64 // dropped in one step
#define FEW 8 // pages: those of a small file go with its blocks
#define ATTRIBUTE_MAGIC 0xea020000u

// ---- the list ----

int64_t ext2_orphan_add(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;
	int64_t err = EXT2_CHANGE(fs, fs->super_page, fs->super->last_orphan);

	if (!err)
		err = EXT2_CHANGE(fs, e->page, e->raw->dtime);
	if (err)
		return err;
	e->raw->dtime = fs->super->last_orphan;
	fs->super->last_orphan = e->inode.ino;
	return 0;
}

void ext2_orphan_added(struct ext2_inode *e)
{
	list_add_head(&e->fs->orphans, &e->orphan);
}

// The one before it on the disk is the one before it in memory.
int64_t ext2_orphan_remove(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;
	struct cache_page *page = fs->super_page;
	uint32_t *link = &fs->super->last_orphan;
	int64_t err;

	if (e->orphan.prev != &fs->orphans) {
		struct ext2_inode *before = container_of(
			e->orphan.prev, struct ext2_inode, orphan);

		page = before->page;
		link = &before->raw->dtime;
	}
	err = journal_change(&fs->journal, page, link, sizeof *link);
	if (!err)
		err = EXT2_CHANGE(fs, e->page, e->raw->dtime);
	if (err)
		return err;
	*link = e->raw->dtime;
	e->raw->dtime = 0;
	return 0;
}

void ext2_orphan_wake(struct ext2_inode *e)
{
	if (e->reaped)
		return;
	e->reaped = true;
	e->unseen = e->data.count;
	e->fs->reaping++;
	wake_all(&e->fs->reaper_work);
}

static int64_t load_one(struct ext2 *fs, uint32_t ino, struct ext2_inode **out)
{
	int64_t err = 0;

	if (ino < fs->super->first_inode)
		err = ext2_corrupt(fs, "orphan", ino);
	if (!err)
		err = ext2_inode_get(fs, ino, true, out);
	if (!err && !list_empty(&(*out)->orphan)) // a ring
		err = ext2_corrupt(fs, "orphan met twice:", ino);
	return err;
}

// Asked again, it goes on behind those that it has.
int64_t ext2_orphans_load(struct ext2 *fs)
{
	uint32_t ino = fs->super->last_orphan;

	if (!list_empty(&fs->orphans))
		ino = container_of(fs->orphans.prev, struct ext2_inode, orphan)
		              ->raw->dtime;
	while (ino) {
		struct ext2_inode *e;
		int64_t err = load_one(fs, ino, &e);

		if (err)
			return err;
		list_add_tail(&fs->orphans, &e->orphan);
		e->cutting = e->raw->links != 0;
		if (e->cutting)
			ext2_orphan_wake(e);
		inode_put(&e->inode);
		ino = e->raw->dtime;
	}
	return 0;
}

// ---- working them off ----

// Nobody can reach it any more; else it is only shortened, and may be deleted
// later.
static bool dying(const struct ext2_inode *e)
{
	return e->inode.links == 0 && e->inode.refs == 0;
}

// Pages behind the end, some at a time; those that stay go to the tail.  1:
// there may be more.
static int64_t drop_pages(struct ext2_inode *e)
{
	uint64_t end = (e->inode.size + CACHE_PAGE - 1) / CACHE_PAGE;
	unsigned budget = PAGES;

	if (dying(e))
		end = 0;
	// Others may have been given up meanwhile.
	for (; e->unseen && e->data.count && budget; budget--) {
		struct cache_page *page = container_of(
			e->data.pages.next, struct cache_page, in_object);

		if (page->index < end) {
			list_remove(&page->in_object);
			list_add_tail(&e->data.pages, &page->in_object);
		} else {
			int64_t err = journal_still(&e->fs->journal, page);

			if (err)
				return err;
			cache_drop(page);
		}
		e->unseen = e->unseen - 1 < e->data.count ? e->unseen - 1
		                                          : e->data.count;
	}
	return budget < PAGES - FEW || (e->unseen && e->data.count);
}

// Extended attributes in a block, which others may refer to as well.
static int64_t drop_attributes(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;
	uint32_t block = e->raw->file_acl, *head; // magic, references
	struct cache_page *page;
	int64_t err;

	if (block == 0)
		return 0;
	if (!ext2_block_ours(fs, block))
		return ext2_corrupt(fs, "attributes of inode", e->inode.ino);
	err = cache_get(&fs->meta, block, &page);
	if (err)
		return err;
	head = page->data;
	if (head[0] != ATTRIBUTE_MAGIC || head[1] == 0)
		return ext2_corrupt(fs, "attributes of inode", e->inode.ino);
	e->raw->file_acl = 0;
	if (head[1] == 1)
		return ext2_block_free(fs, block, true);
	err = journal_change(&fs->journal, page, &head[1], sizeof head[1]);
	if (!err)
		head[1]--;
	return err;
}

// No block is left: the last change.
static int64_t last_change(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;
	int64_t err;

	if (e->inode.links == 0 && !dying(e))
		return 0; // it stays an orphan, until it is closed
	err = ext2_orphan_remove(e);
	if (err || e->inode.links)
		return err;
	err = drop_attributes(e);
	if (err)
		return err;
	e->raw->dtime = ext2_now(fs);
	e->raw->sectors = 0;
	ext2_set_size(e, 0);
	return ext2_ino_free(fs, e->inode.ino, inode_is(&e->inode, S_IFDIR));
}

// One change.  0: the orphan is none any more; 1: there is more to do.
static int64_t step(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;
	uint64_t from = (e->inode.size + fs->block_size - 1) / fs->block_size;
	int64_t err = drop_pages(e), more = 0;

	if (err)
		return err;
	err = journal_begin(&fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	err = ext2_change_inode(e);
	if (!err && ext2_has_blocks(e))
		more = ext2_map_cut(e, dying(e) ? 0 : from);
	err = err ? err : more < 0 ? more : more ? 0 : last_change(e);
	err = ext2_end(fs, err, e, NULL);
	return err ? err : more;
}

static void finish(struct ext2_inode *e)
{
	struct ext2 *fs = e->fs;

	fs->reaping--;
	e->reaped = e->cutting = false;
	if (e->inode.links || dying(e))
		list_remove(&e->orphan);
	if (dying(e))
		ext2_inode_free(e);
	else if (e->inode.refs == 0)
		ext2_inode_rest(e);
	wake_all(&fs->reaped);
}

// An orphan that cannot be worked off stays on the list of the disk.
static void give_up(struct ext2_inode *e)
{
	e->fs->reaping--;
	wake_all(&e->fs->reaped);
	e->given_up = true;
}

static struct ext2_inode *reapable(struct ext2 *fs)
{
	LIST_EACH(node, &fs->orphans) {
		struct ext2_inode *e =
			container_of(node, struct ext2_inode, orphan);

		if (e->reaped && !e->given_up)
			return e;
	}
	return NULL;
}

static int64_t reap(struct ext2 *fs)
{
	int steps = STEPS;
	struct ext2_inode *e;

	while ((e = reapable(fs)) != NULL) {
		int64_t err = step(e);

		if (err == PENDING)
			return err;
		if (err == 0)
			finish(e);
		else if (err < 0 && err != -ENOMEM)
			give_up(e);
		if (--steps == 0 || err == -ENOMEM)
			return ktask_again(&fs->reaper);
	}
	wait_on(&fs->reaper.waiting, &fs->reaper_work);
	return PENDING;
}

static int64_t reaper_poll(struct ktask *task)
{
	int64_t result;

	park_task = &task->waiting;
	result = reap(container_of(task, struct ext2, reaper));
	park_task = NULL;
	return result;
}

void ext2_orphans_start(struct ext2 *fs)
{
	fs->reaper.poll = reaper_poll;
	ktask_spawn(&fs->reaper);
}
