#include "disk/transport.h"
#include "disk/park.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/pager.h"

static void page_next(struct cache_page *page);

static unsigned pieces(const struct cache_page *page)
{
	return page->object->unit / page->object->block;
}

// How many blocks from `piece` on lie together.
static unsigned run_of(const struct cache_page *page, unsigned piece)
{
	unsigned n = 1;

	while (piece + n < pieces(page) &&
	       page->block[piece + n] == page->block[piece] + n)
		n++;
	return n;
}

// On the disk there may be anything behind the end of a file.
static void cut_tail(struct cache_page *page)
{
	struct cache_object *object = page->object;
	uint64_t start = page->index * object->unit;

	if (object->map && object->size < start + object->unit) {
		size_t keep = object->size > start ? object->size - start : 0;

		memset((char *)page->data + keep, 0, object->unit - keep);
	}
}

static void read_ended(struct cache_page *page)
{
	cut_tail(page);
	page->reading = false;
	page->valid = page->fresh = !page->failed;
	page->checked = false;
	cache_settle(page);
	wake_all(&page->waker);
	writeback_moves(-1);
}

static void write_ended(struct cache_page *page, bool failed)
{
	struct cache_object *object = page->object;

	page->writing = false;
	list_remove(&page->under_way);
	cache_counts.writing--;
	object->written = ++object->disk->clock;
	if (failed)
		object->error = -EIO;
	else if (!page->dirty)
		list_remove(&page->ordered);
	cache_settle(page);
	wake_all(&page->waker);
	writeback_moves(-1);
	// Last: who is told may let go of the object.
	if (--object->writing == 0)
		wake_all(&object->waker);
}

static void page_done(struct block_request *request)
{
	struct cache_page *page = request->private;

	if (request->error)
		page->failed = true;
	page->piece += request->count / (page->object->block / BLOCK_SECTOR);
	page_next(page);
}

static void page_submit(struct cache_page *page, unsigned count)
{
	struct cache_object *object = page->object;
	uint32_t sectors = object->block / BLOCK_SECTOR;

	page->request = (struct block_request){
		.sector = (uint64_t)page->block[page->piece] * sectors,
		.count = count * sectors,
		.op = page->reading ? BLOCK_READ : BLOCK_WRITE,
		.buffer = (char *)page->data + page->piece * object->block,
		.done = page_done,
		.private = page,
	};
	block_submit(object->disk->device, &page->request);
}

// A hole is read as zeroes and not written.  Block 0 is a disk's, if the page
// is not a file's.
static void page_next(struct cache_page *page)
{
	struct cache_object *object = page->object;

	while (page->piece < pieces(page)) {
		if (page->block[page->piece] || object->map == NULL) {
			page_submit(page, run_of(page, page->piece));
			return;
		}
		if (page->reading)
			memset((char *)page->data + page->piece * object->block,
			       0, object->block);
		page->piece++;
	}
	if (page->reading) {
		read_ended(page);
	} else {
		bool failed = page->failed;

		page->failed = false;
		write_ended(page, failed);
	}
}

void transport_read(struct cache_page *page)
{
	page->reading = true;
	writeback_moves(1);
	page->failed = false;
	page->piece = 0;
	cache_settle(page);
	page_next(page);
}

// From now on a store is noticed again, and makes the page dirty.  What was
// stored behind the end of the file is not the file's.
static void stores_end(struct cache_page *page)
{
	pager_protect(page->object->pager, page->index);
	page->stored = false;
	cut_tail(page);
}

void transport_write(struct cache_page *page)
{
	if (page->stored)
		stores_end(page);
	page->writing = true;
	page->begun = ++page->object->disk->begun;
	list_add_tail(&page->object->disk->under_way, &page->under_way);
	cache_counts.writing++;
	cache_clean(page);
	page->failed = false;
	page->piece = 0;
	page->object->writing++;
	writeback_moves(1);
	page_next(page);
}

int64_t transport_until(struct cache_disk *disk, uint64_t begun)
{
	struct cache_page *page = container_of(disk->under_way.next,
	                                       struct cache_page, under_way);

	if (list_empty(&disk->under_way) || page->begun > begun)
		return 0;
	return park(&page->waker);
}

// ---- flushes ----

void transport_wrote(struct cache_disk *disk)
{
	disk->clock++;
}

// The device may have lost what was to become lasting: a later flush that
// succeeds says nothing of it.
static void flush_failed(struct cache_disk *disk)
{
	if (disk->lost_from == disk->lost_to)
		disk->lost_from = disk->flushed;
	disk->lost_to = disk->flush_begun;
}

static void flush_done(struct block_request *request)
{
	struct cache_disk *disk = request->private;

	disk->flushing = false;
	if (!request->error)
		disk->flushed = disk->flush_begun;
	else
		flush_failed(disk);
	wake_all(&disk->waker);
}

void cache_disk_init(struct cache_disk *disk, struct block_device *device)
{
	memset(disk, 0, sizeof *disk);
	disk->device = device;
	disk->clock = 1;
	list_init(&disk->under_way);
	waker_init(&disk->waker);
}

static bool flush_lost(const struct cache_disk *disk, uint64_t clock)
{
	return clock > disk->lost_from && clock <= disk->lost_to;
}

// One flush at a time; who came too late for it waits for the next.
int64_t transport_flush(struct cache_disk *disk, uint64_t clock)
{
	if (disk->flushed < clock && !disk->flushing &&
	    !flush_lost(disk, clock)) {
		disk->flushing = true;
		disk->flush_begun = disk->clock;
		disk->flush = (struct block_request){
			.op = BLOCK_FLUSH,
			.done = flush_done,
			.private = disk,
		};
		block_submit(disk->device, &disk->flush);
	}
	if (flush_lost(disk, clock))
		return -EIO;
	return disk->flushed >= clock ? 0 : park(&disk->waker);
}
