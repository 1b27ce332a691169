#include "disk/cache.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/lock.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/shortage.h"

static struct cache_page **table;
static size_t table_mask;
struct list cache_lru = LIST_INIT(cache_lru);
uint64_t cache_askings;
struct cache_counts cache_counts;

void cache_init(size_t buckets)
{
	table_mask = 1;
	while (table_mask < buckets)
		table_mask *= 2;
	table = kzalloc(table_mask-- * sizeof table[0]);
	if (table == NULL)
		panic("no memory for the page cache");
}

void cache_object_init(struct cache_object *object, struct cache_disk *disk,
                       uint32_t unit, uint32_t block)
{
	memset(object, 0, sizeof *object);
	object->disk = disk;
	object->unit = unit;
	object->block = block;
	list_init(&object->pages);
	list_init(&object->dirty);
	list_init(&object->node);
	waker_init(&object->waker);
}

// Objects are some hundred bytes apart; Fibonacci hashing spreads both.
static inline struct cache_page **bucket(const struct cache_object *object,
                                  uint64_t index)
{
	uint64_t key = ((uintptr_t)object >> 4) + index;

	return &table[key * 0x9e3779b97f4a7c15ul >> 32 & table_mask];
}

static inline struct cache_page *look(const struct cache_object *object,
                                      uint64_t index)
{
	struct cache_page *page = *bucket(object, index);

	while (page && (page->index != index || page->object != object))
		page = page->hash_next;
	return page;
}

struct cache_page *cache_find(struct cache_object *object, uint64_t index)
{
	LOCK_HELD();
	return look(object, index);
}

// ---- in and out ----

// Small blocks are objects of the heap, which aligns what devices need.
static void *data_alloc(const struct cache_object *object)
{
	return object->unit == PAGE_SIZE ? page_alloc(0)
	                                 : kmalloc(object->unit);
}

static void data_free(struct cache_page *page)
{
	if (page->object->unit == PAGE_SIZE)
		page_put(page->data);
	else
		kfree(page->data);
}

static struct cache_page *page_new(struct cache_object *object, uint64_t index)
{
	struct cache_page *page = kzalloc(sizeof *page), **at;

	if (page == NULL)
		return NULL;
	page->data = data_alloc(object);
	if (page->data == NULL) {
		kfree(page);
		return NULL;
	}
	page->object = object;
	page->index = index;
	list_init(&page->lru);
	list_init(&page->in_dirty);
	list_init(&page->ordered);
	list_init(&page->under_way);
	waker_init(&page->waker);
	list_add_tail(&object->pages, &page->in_object);
	object->count++;
	at = bucket(object, index);
	page->hash_next = *at;
	*at = page;
	cache_counts.pages++;
	return page;
}

static bool page_idle(const struct cache_page *page)
{
	return !page->holds && !page->dirty && !page->writing && !page->reading;
}

// Among the clean ones while it is that, as the one used last.
void cache_settle(struct cache_page *page)
{
	bool was = !list_empty(&page->lru), is = page_idle(page);

	if (!was && !is)
		return;
	list_remove(&page->lru);
	if (is)
		list_add_tail(&cache_lru, &page->lru);
	cache_counts.clean += is - was;
}

// Used now: if it is among the clean ones, as the last of them.
static inline void page_use(struct cache_page *page)
{
	page->used = ++cache_askings;
	if (list_empty(&page->lru) || page->lru.next == &cache_lru)
		return;
	list_remove(&page->lru);
	list_add_tail(&cache_lru, &page->lru);
}

static void page_free(struct cache_page *page)
{
	struct cache_page **at = bucket(page->object, page->index);

	while (*at != page)
		at = &(*at)->hash_next;
	*at = page->hash_next;
	if (!list_empty(&page->lru))
		cache_counts.clean--;
	list_remove(&page->lru);
	list_remove(&page->in_object);
	page->object->count--;
	list_remove(&page->ordered);
	cache_counts.pages--;
	wake_all(&page->waker);
	data_free(page);
	kfree(page);
}

void cache_drop(struct cache_page *page)
{
	if (page->holds || page->reading || page->writing || page->journal)
		panic("cache: page %d is dropped: held by %d%s%s%s",
		      (int)page->index, (int)page->holds,
		      page->reading ? ", read" : "",
		      page->writing ? ", written" : "",
		      page->journal ? ", the journal" : "");
	cache_clean(page);
	page_free(page);
}

void cache_unheld(void)
{
	panic("cache: a page is let go of that nobody holds");
}

// ---- asking for pages ----

// The last memory is for what cannot wait: the tasks that write, and calls that
// need a little.  If waiting would bring no more, all may have it.
static int64_t page_find_or_new(struct cache_object *object, uint64_t index,
                                struct cache_page **out)
{
	struct cache_page *page = cache_find(object, index);

	if (page == NULL) {
		if (park_task == NULL && memory_short() &&
		    memory_wait() == PENDING)
			return PENDING;
		page = page_new(object, index);
		if (page == NULL)
			return writeback_wait();
		cache_settle(page);
	}
	page_use(page);
	*out = page;
	return 0;
}

// The blocks are known first: to learn them may take reading others.
static int64_t page_map(struct cache_page *page)
{
	struct cache_object *object = page->object;
	int64_t err = 0;

	page->block[0] = page->index;
	if (object->map) {
		cache_hold(page);
		err = object->map(object, page->index, page->block);
		cache_release(page);
	}
	return err;
}

static int64_t page_load(struct cache_page *page)
{
	int64_t err;

	if (page->failed) { // told once, then tried anew
		page->failed = false;
		return -EIO;
	}
	err = page->reading ? 0 : page_map(page);
	if (err)
		return err;
	if (!page->reading)
		transport_read(page);
	if (page->valid)
		return 0;
	if (page->failed && !page->reading) {
		page->failed = false;
		return -EIO;
	}
	return park(&page->waker);
}

// Kept out of the common way, which so saves no registers.
static __attribute__((noinline)) int64_t get_slowly(struct cache_object *object,
                                                    uint64_t index,
                                                    struct cache_page **out)
{
	struct cache_page *page;
	int64_t err = page_find_or_new(object, index, &page);

	if (err)
		return err;
	*out = page;
	err = page->valid ? 0 : page_load(page);
	if (!err)
		page->fresh = false;
	return err;
}

int64_t cache_get(struct cache_object *object, uint64_t index,
                  struct cache_page **out)
{
	struct cache_page *page = look(object, index);

	LOCK_HELD();
	if (page == NULL || !page->valid)
		return get_slowly(object, index, out);
	page_use(page);
	page->fresh = false;
	*out = page;
	return 0;
}

int64_t cache_get_new(struct cache_object *object, uint64_t index,
                      struct cache_page **out)
{
	struct cache_page *page;
	int64_t err = page_find_or_new(object, index, &page);

	if (err)
		return err;
	if (page->reading)
		return park(&page->waker);
	page->failed = page->fresh = false;
	*out = page;
	return 0;
}

int64_t cache_still(struct cache_page *page)
{
	return page->writing || page->reading ? park(&page->waker) : 0;
}

// ---- reading ahead ----

static bool page_ask(struct cache_object *object, uint64_t index)
{
	struct cache_page *page = cache_find(object, index);

	if (page)
		return true;
	page = memory_short() ? NULL : page_new(object, index);
	if (page == NULL)
		return false;
	cache_settle(page);
	if (page_map(page)) // its map is not here yet, or broken
		return false;
	transport_read(page);
	return true;
}

// Asks for the next window; nobody waits for it.
static __attribute__((noinline)) void ask_window(struct cache_object *object,
                                                 uint64_t index, uint64_t end)
{
	bool before = park_never;
	uint64_t to;

	if (object->ahead < index)
		object->ahead = index;
	to = object->ahead + BLOCK_PIECES;
	to = to < end ? to : end;
	park_never = true;
	block_hold(object->disk->device);
	while (object->ahead < to && page_ask(object, object->ahead))
		object->ahead++;
	block_release(object->disk->device);
	park_never = before;
}

// A reader that goes on where it stopped gets a window ahead of it, and the
// next window when it is in this one, so that each is as large as the device
// takes at a time.  One that jumps gets nothing but what it asks for; that it
// asks for the same page again, since that was not there yet, says nothing new.
void cache_ask_ahead(struct cache_object *object, uint64_t index, uint64_t end)
{
	bool same = index + 1 == object->next, next = index == object->next;

	object->next = index + 1;
	if (!same && !next)
		object->ahead = 0; // until it goes on from here
	else if ((next || object->ahead) && object->ahead < end &&
	         object->ahead <= index + BLOCK_PIECES)
		ask_window(object, index, end);
}
