// usage: moments IMAGE
// Moments that random operations hardly meet: a block is freed when there is
// no memory to note it; the journal is stopped while the log is made shorter;
// a block that one transaction has freed is changed in the next; a file is
// synced while it is written all the time.
#include "disk/cache.h"
#include "disk/ext2_file.h"
#include "disk/ext2_super.h"
#include "disk/park.h"
#include "disk/writeback.h"
#include "files.h"
#include "lib/errno.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct disk disk;
static unsigned both; // times that a block was in two transactions

static int64_t ask_begin(void *unused)
{
	(void)unused;
	return journal_begin(&fs->journal, 4);
}

// Any page of metadata that the journal does not know.
static struct cache_page *unknown(void)
{
	LIST_EACH(node, &fs->meta.pages) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_object);

		if (!page->journal && !page->holds && page->valid)
			return page;
	}
	abort();
}

// Nothing is left of a change that could not be.
static void freed_without_memory(void)
{
	struct cache_page *page;

	assert(do_mount(&disk) == 0);
	page = unknown();
	for (unsigned n = 0; n < 4; n++) { // the second allocation, or the first
		int64_t err;

		assert(until_done(ask_begin, NULL) == 0);
		memory_fails = 2;
		err = journal_forget(&fs->journal, page->index);
		memory_fails = 0;
		journal_undo(&fs->journal);
		assert(err == 0 || err == -ENOMEM);
		assert(page->journal == NULL && page->holds == 0);
		assert(fs->journal.running->revokes == 0);
	}
	assert(do_unmount() == 0);
}

// However far the checkpoint has come, the log is empty at the end.
static void stopped_in_a_checkpoint(unsigned turns)
{
	char name[] = "a";
	struct journal_super *super;
	uint32_t at;

	seed_chance(turns);
	name[0] += turns % 26;
	assert(do_mount(&disk) == 0);
	at = fs->journal.map[0] * fs->block_size;
	do_create(name, S_IFREG | 0644);
	assert(do_sync() == 0);
	fs->journal.want_room = true;
	wake_all(&fs->journal.work);
	work_some(turns % 60);
	assert(do_unmount() == 0);
	work();
	super = (struct journal_super *)(disk.bytes + at);
	assert(super->start == 0);
}

static void change_or_forget(struct cache_page *page, bool forget)
{
	struct journal *j = &fs->journal;
	int64_t err;

	do { // the commit that is under way may have the page on its way
		assert(until_done(ask_begin, NULL) == 0);
		err = forget ? journal_forget(j, page->index)
		             : journal_change(j, page, page->data, 4);
		if (!err)
			break;
		assert(err == PENDING);
		journal_undo(j);
		work_some(1);
	} while (true);
	journal_keep(j);
}

// In a bent image a block may have two owners: one of them gives it back, and
// while that is being committed the other goes on using it.
static void freed_by_one_owner(unsigned turns)
{
	struct journal *j;
	struct cache_page *page;
	uint32_t tid;

	seed_chance(turns);
	assert(do_mount(&disk) == 0);
	j = &fs->journal;
	page = unknown();
	change_or_forget(page, true);
	tid = j->running->tid;
	journal_ask(j, tid);
	while (!j->committing)
		work_some(1);
	work_some(turns);
	if (tid_before(j->committed, tid)) {
		change_or_forget(page, false);
		while (tid_before(j->committed, tid))
			work_some(1);
		both += page->journal &&
		        !list_empty(&page->journal->in[j->running->tid & 1]);
	}
	assert(do_sync() == 0 && do_unmount() == 0);
}

static struct ktask writer;
static struct inode *target;
static bool writing;

// Never at rest: the file has a dirty page and a change to be committed.
static int64_t write_on(struct ktask *task)
{
	static uint64_t place;
	int64_t err;

	if (!writing)
		return 0;
	park_task = &task->waiting;
	err = ext2_write(target, place++ % 9 * CACHE_PAGE, "again", 5);
	park_task = NULL;
	return err == PENDING ? PENDING : ktask_again(task);
}

// Whoever writes on does not keep it from its end.
static void synced_while_written(void)
{
	int64_t err;

	assert(do_mount(&disk) == 0);
	do_create("shared", S_IFREG | 0644);
	assert(do_write("shared", 0, 9 * CACHE_PAGE, 1) >= 0);
	target = find_path("shared", &err);
	writing = true;
	writer.poll = write_on;
	ktask_spawn(&writer);
	assert(do_fsync("shared") == 0);
	writing = false;
	work();
	inode_put(target);
	assert(do_unmount() == 0);
}

int main(int argc, char **argv)
{
	uint8_t *image;
	size_t size;

	if (argc < 2)
		return 2;
	alarm(60);
	image = image_read(argv[1], &size);
	disk_open(&disk, image, size);
	disk.deferred = true;
	free(image);
	cache_init(1024);
	writeback_init(400);
	quiet = true;
	freed_without_memory();
	for (unsigned turns = 0; turns < 600; turns++)
		stopped_in_a_checkpoint(turns);
	for (unsigned turns = 0; turns < 8; turns++)
		freed_by_one_owner(turns);
	assert(both);
	for (unsigned times = 0; times < 20; times++)
		synced_while_written();
	disk_close(&disk);
	printf("moments: all is so\n");
	return 0;
}
