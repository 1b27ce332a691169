// usage: moments IMAGE
// Moments that random operations hardly meet: a block is freed when there is
// no memory to note it; the journal is stopped while the log is made shorter.
#include "disk/cache.h"
#include "disk/ext2_super.h"
#include "disk/writeback.h"
#include "files.h"
#include "lib/errno.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct disk disk;

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
	disk_close(&disk);
	printf("moments: all is so\n");
	return 0;
}
