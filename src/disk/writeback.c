#include "disk/writeback.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "memory/shortage.h"
#include "process/task.h"

#define PASS 64 // pages begun in one pass

struct list writeback_objects = LIST_INIT(writeback_objects);
size_t writeback_limit = ~0ul;
uint64_t writeback_now;

static struct waker room = WAKER_INIT(room); // fewer pages are dirty
static struct waker work = WAKER_INIT(work); // for the task
static bool kicked;
static size_t moving; // pages on their way, to or from disks

void cache_dirty(struct cache_page *page)
{
	struct cache_object *object = page->object;

	if (page->dirty)
		return;
	page->dirty = true;
	page->since = ++writeback_now;
	cache_settle(page);
	if (list_empty(&object->dirty))
		list_add_tail(&writeback_objects, &object->node);
	list_add_tail(&object->dirty, &page->in_dirty);
	if (++cache_counts.dirty > writeback_limit / 2)
		writeback_kick();
}

void cache_clean(struct cache_page *page)
{
	if (!page->dirty)
		return;
	page->dirty = false;
	list_remove(&page->in_dirty);
	if (list_empty(&page->object->dirty))
		list_remove(&page->object->node);
	cache_counts.dirty--;
	wake_all(&room);
	cache_settle(page);
}

// Those on their way are no less in memory.
int64_t cache_throttle(void)
{
	if (cache_counts.dirty + cache_counts.writing < writeback_limit)
		return 0;
	writeback_kick();
	return park(&room);
}

bool writeback_await(struct waiting *waiting)
{
	if (cache_counts.dirty == 0 && moving == 0)
		return false;
	writeback_kick();
	wait_on(waiting, &room);
	return true;
}

int64_t writeback_wait(void)
{
	if (cache_counts.dirty == 0 && moving == 0)
		return memory_wait();
	writeback_kick();
	return park(&room);
}

// Neighbours reach the disk as one run.  The budget is for one pass.
static void begin(struct cache_object *object, unsigned *budget)
{
	block_hold(object->disk->device);
	LIST_EACH(node, &object->dirty) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_dirty);

		if (*budget == 0)
			break;
		if (page->writing)
			continue;
		transport_write(page);
		--*budget;
	}
	block_release(object->disk->device);
}

int64_t writeback_object(struct cache_object *object)
{
	unsigned budget = PASS;
	int64_t err;

	if (!list_empty(&object->dirty) && !object->writing)
		begin(object, &budget);
	if (object->writing)
		return park(&object->waker);
	if (!list_empty(&object->dirty)) // the device answers at once
		return park_again();
	err = object->error;
	object->error = 0;
	return err;
}

// Dirty pages are in the order they became so.
static int64_t begin_until(struct cache_object *object, uint64_t since,
                           unsigned *budget)
{
	LIST_EACH(node, &object->dirty) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_dirty);

		if (page->since > since)
			return 0;
		if (page->writing)
			return park(&page->waker);
		if (*budget == 0)
			return park_again();
		transport_write(page);
		--*budget;
	}
	return 0;
}

int64_t writeback_object_until(struct cache_object *object, uint64_t since)
{
	unsigned budget = PASS;
	int64_t err;

	block_hold(object->disk->device);
	err = begin_until(object, since, &budget);
	block_release(object->disk->device);
	return err;
}

int64_t writeback_until(struct cache_disk *disk, uint64_t since,
                        const struct cache_object *except)
{
	unsigned budget = PASS;
	int64_t err = 0;

	block_hold(disk->device);
	LIST_EACH(node, &writeback_objects) {
		struct cache_object *object =
			container_of(node, struct cache_object, node);

		if (object->disk == disk && object != except)
			err = begin_until(object, since, &budget);
		if (err)
			break;
	}
	block_release(disk->device);
	return err;
}

// ---- the task ----

static struct ktask task;

void writeback_kick(void)
{
	if (cache_counts.dirty == 0 || kicked)
		return;
	kicked = true;
	wake_all(&work);
}

void writeback_moves(int begun)
{
	moving += begun;
	if (begun > 0)
		return;
	wake_all(&room);
	if (cache_counts.dirty > writeback_limit / 2)
		writeback_kick();
}

static int64_t writeback_poll(struct ktask *self)
{
	unsigned budget = kicked || self->waiting.late ? PASS : 0;

	if (budget)
		LIST_EACH(node, &writeback_objects)
			begin(container_of(node, struct cache_object, node),
			      &budget);
	else
		budget = PASS;
	kicked = budget == 0;
	if (kicked)
		return ktask_again(self);
	wait_on(&self->waiting, &work);
	wait_until(&self->waiting,
	           clint_now() + clock_ticks(WRITEBACK_SECONDS * NANOSECONDS));
	return PENDING;
}

void writeback_init(size_t limit)
{
	writeback_limit = limit;
	task.poll = writeback_poll;
	ktask_spawn(&task);
}
