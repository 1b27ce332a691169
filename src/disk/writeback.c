#include "disk/writeback.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "lib/errno.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "process/task.h"

#define PASS 64 // pages begun in one pass

struct list writeback_objects = LIST_INIT(writeback_objects);
size_t writeback_limit = ~0ul;

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

int64_t cache_throttle(void)
{
	if (cache_counts.dirty < writeback_limit)
		return 0;
	writeback_kick();
	return park(&room);
}

int64_t writeback_wait(void)
{
	if (cache_counts.dirty == 0 && moving == 0)
		return -ENOMEM;
	writeback_kick();
	return park(&room);
}

// Neighbours reach the disk as one run.
void writeback_begin(struct cache_object *object)
{
	unsigned budget = PASS;

	block_hold(object->disk->device);
	LIST_EACH(node, &object->dirty) {
		struct cache_page *page =
			container_of(node, struct cache_page, in_dirty);

		if (budget-- == 0)
			break;
		if (!page->writing)
			transport_write(page);
	}
	block_release(object->disk->device);
}

int64_t writeback_object(struct cache_object *object)
{
	int64_t err;

	// Devices that answer at once need no second poll.
	while (!list_empty(&object->dirty) && !object->writing)
		writeback_begin(object);
	if (object->writing)
		return park(&object->waker);
	err = object->error;
	object->error = 0;
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
	if (kicked || self->waiting.late) {
		kicked = false;
		LIST_EACH(node, &writeback_objects)
			writeback_begin(container_of(
				node, struct cache_object, node));
	}
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
