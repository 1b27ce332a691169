// The page cache: what was read from disks and what is to be written.  A page
// is found by its object and index.  Objects are files, with pages of 4 KiB
// that may have holes, and disks, whose pages are blocks of metadata.
//
// A page in memory is one of
//
//	reading   its first contents are on their way
//	clean     as on the disk; given up when memory is short, least
//	          recently used first
//	held      by somebody who keeps a pointer to it, the journal included
//	dirty     to be written
//	writing   on its way to the disk; dirty as well if changed meanwhile
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "disk/block.h"
#include "process/wait.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_PIECES 4 // blocks in one page, at most
#define CACHE_PAGE 4096
#define CACHE_RECENT 64

struct journal_block;

// A disk below the cache.  What was written is lasting after a flush that
// began later: both are told by a clock that counts finished writes.
struct cache_disk {
	struct block_device *device;
	uint64_t clock, flush_begun, flushed;
	struct list under_way; // pages that are being written, as they began
	uint64_t begun; // how many there were
	bool flushing;
	uint64_t lost_from, lost_to; // a flush failed: what was written
		// between the two may not have become lasting
	struct block_request flush;
	struct waker waker; // a flush has ended
};

struct cache_object {
	struct cache_disk *disk;
	struct list pages; // all
	struct list dirty; // in the order they became so
	struct list node; // among objects with dirty pages
	uint32_t unit, block; // bytes of a page, of a block of the disk
	uint32_t count; // pages in memory
	uint32_t writing; // pages on their way out
	uint64_t size; // of a file: what lies behind reads as zeroes
	int error; // of a write that nobody was told of yet
	uint64_t written; // the disk's clock after the last write
	uint64_t next, ahead; // for reading ahead: the page after the last
		// one read, and the first that was not asked for yet (0: the
		// reader has jumped)
	struct waker waker; // no page is on its way any more
	struct pager *pager; // maps it into address spaces; NULL: nobody does
	// Which blocks of the disk page `index` consists of, 0 for holes.
	// NULL: the page is the block of that number.
	int64_t (*map)(struct cache_object *object, uint64_t index,
	               uint32_t block[CACHE_PIECES]);
};

struct cache_page {
	struct list lru; // clean and not held
	struct list in_object, in_dirty;
	struct list ordered; // data that goes before a commit
	struct list under_way; // of the disk, while it is written
	uint64_t begun; // its number among those
	uint64_t since; // when it became dirty: writeback_now
	struct cache_page *hash_next;
	struct cache_object *object;
	uint64_t index;
	void *data;
	uint64_t used; // when it was asked for last, counted in askings
	uint32_t holds;
	bool valid, reading, writing, dirty;
	bool failed; // the last read; for whoever asks next
	bool checked; // its owner has found that its contents make sense
	bool doomed; // freed by the change that is being made
	bool fresh; // read, and not asked for since: somebody waits for it
	bool stored; // processes that map it store to it; it is dirty
	uint32_t block[CACHE_PIECES];
	uint8_t piece; // the first of those under way
	uint8_t parity; // of the transaction it is ordered by
	struct journal_block *journal;
	struct waker waker; // reading or writing has ended
	struct block_request request;
};

void cache_init(size_t buckets);

void cache_disk_init(struct cache_disk *disk, struct block_device *device);
void cache_object_init(struct cache_object *object, struct cache_disk *disk,
                       uint32_t unit, uint32_t block);

// The page, with its contents.  It may go when this pass ends, or when
// CACHE_RECENT others were asked for since, unless held.
// 0, -EIO, -ENOMEM, or PENDING.
int64_t cache_get(struct cache_object *object, uint64_t index,
                  struct cache_page **out);

// The page without reading it: all of it will be written, or it is zeroes.  If
// it is not valid, the caller fills it, sets what blocks it is, and says so.
// -ENOMEM; PENDING while it is being read.
int64_t cache_get_new(struct cache_object *object, uint64_t index,
                      struct cache_page **out);

// NULL: not in memory.
struct cache_page *cache_find(struct cache_object *object, uint64_t index);

// Held, it stays where it is in memory.
void cache_settle(struct cache_page *page);
void cache_unheld(void);
static inline void cache_hold(struct cache_page *page)
{
	if (page->holds++ == 0)
		cache_settle(page);
}
static inline void cache_release(struct cache_page *page)
{
	if (page->holds == 0)
		cache_unheld();
	if (--page->holds == 0)
		cache_settle(page);
}

// Changed, and valid: it will be written some time.  Whoever has them asks
// cache_throttle() first: PENDING while too much is dirty.
void cache_dirty(struct cache_page *page);
int64_t cache_throttle(void);

// Forgets the page, dirty or not; it is neither held, read nor written.
void cache_drop(struct cache_page *page);

// Waits until the page is not on its way to the disk.  0 or PENDING.
int64_t cache_still(struct cache_page *page);

// Asks for pages behind `index` that will be read soon, up to `end`, if not all
// of it is in memory.
void cache_ask_ahead(struct cache_object *object, uint64_t index, uint64_t end);
static inline void cache_ahead(struct cache_object *object, uint64_t index,
                               uint64_t end)
{
	if (object->count < end)
		cache_ask_ahead(object, index, end);
}

// Clean pages that nobody holds, least recently used first; and how often pages
// were asked for.
extern struct list cache_lru;
extern uint64_t cache_askings;

extern struct cache_counts {
	size_t pages, clean, dirty, writing;
} cache_counts;
