#include "disk/block.h"
#include "lib/errno.h"
#include "lib/string.h"

static struct list devices = LIST_INIT(devices);

static struct block_request *request_of(struct list *node)
{
	return container_of(node, struct block_request, node);
}

static bool block_moves(const struct block_request *r)
{
	return r->op == BLOCK_READ || r->op == BLOCK_WRITE;
}

// What the device need not be asked about.
static int block_check(struct block_device *device, struct block_request *r)
{
	if (!block_moves(r))
		return 0;
	if (r->count == 0 || r->count > device->sectors ||
	    r->sector > device->sectors - r->count)
		return -EINVAL;
	return r->op == BLOCK_WRITE && device->read_only ? -EROFS : 0;
}

static void block_finish(struct block_device *device, struct block_request *r,
                         int error)
{
	list_remove(&r->node);
	r->error = error;
	device->counts.errors += error != 0;
	r->done(r);
}

static bool block_joins(const struct block_request *a,
                        const struct block_request *b)
{
	return a->op == b->op && block_moves(a) &&
	       a->sector + a->count == b->sector;
}

// Takes the first request, which was checked, and those behind it that go on
// where it ends and are in order as well.
static void block_take_run(struct block_device *device, struct list *run)
{
	struct list *waiting = &device->waiting;
	struct block_request *last = block_first(waiting);

	for (unsigned n = 1;; n++) {
		list_remove(&last->node);
		list_add_tail(run, &last->node);
		if (n == device->pieces || list_empty(waiting) ||
		    !block_joins(last, block_first(waiting)) ||
		    block_check(device, block_first(waiting)))
			return;
		last = block_first(waiting);
	}
}

static uint64_t block_run_length(const struct list *run)
{
	uint64_t length = 0;

	LIST_EACH(node, run)
		length++;
	return length;
}

static void block_count(struct block_device *device, const struct list *run)
{
	struct block_counts *counts = &device->counts;
	uint64_t sectors = block_run_sectors(run);

	switch (block_first(run)->op) {
	case BLOCK_READ:
		counts->reads++;
		counts->reads_joined += block_run_length(run) - 1;
		counts->sectors_read += sectors;
		break;
	case BLOCK_WRITE:
		counts->writes++;
		counts->writes_joined += block_run_length(run) - 1;
		counts->sectors_written += sectors;
		break;
	case BLOCK_FLUSH:
		counts->flushes++;
		break;
	case BLOCK_IDENTIFY:
		break;
	}
}

static void block_start_run(struct block_device *device)
{
	struct list run = LIST_INIT(run);

	block_take_run(device, &run);
	block_count(device, &run);
	device->running++;
	device->start(device, &run);
}

// A device that answers at once is in block_done() within start(), and whoever
// is told may submit more: that is left to the loop here, else a chain of
// requests would be a chain of stack frames.  (Not inlined: tools/stackuse is
// told of it by name.)
static __attribute__((noinline)) void block_start(struct block_device *device)
{
	if (device->starting)
		return;
	device->starting = true;
	while (!list_empty(&device->waiting) && !device->held) {
		struct block_request *r = block_first(&device->waiting);
		int error = block_check(device, r);

		if (error || (r->op == BLOCK_FLUSH && !device->has_flush))
			block_finish(device, r, error);
		else if (device->running < device->depth)
			block_start_run(device);
		else
			break;
	}
	device->starting = false;
}

void block_submit(struct block_device *device, struct block_request *request)
{
	device->counts.requests++;
	list_add_tail(&device->waiting, &request->node);
	block_start(device);
}

void block_hold(struct block_device *device)
{
	device->held++;
}

void block_release(struct block_device *device)
{
	if (--device->held == 0)
		block_start(device);
}

// The requests go one by one, as done() may do anything with its own.  What it
// submits starts when all are told: the driver may want the room of this list.
void block_done(struct block_device *device, struct list *run, int error)
{
	bool inside = device->starting;

	device->starting = true;
	while (!list_empty(run))
		block_finish(device, block_first(run), error);
	device->running--;
	device->starting = inside;
	block_start(device);
}

uint64_t block_run_sectors(const struct list *run)
{
	uint64_t sectors = 0;

	if (block_moves(block_first(run)))
		LIST_EACH(node, run)
			sectors += request_of(node)->count;
	return sectors;
}

void block_register(struct block_device *device)
{
	list_init(&device->waiting);
	list_add_tail(&devices, &device->node);
}

struct block_device *block_find(const char *name)
{
	struct block_device *device;

	for (unsigned n = 0; (device = block_at(n)) != NULL; n++)
		if (strcmp(device->name, name) == 0)
			return device;
	return NULL;
}

struct block_device *block_at(unsigned n)
{
	LIST_EACH(node, &devices)
		if (n-- == 0)
			return container_of(node, struct block_device, node);
	return NULL;
}
