// A disk in memory.  It may answer at once, or later and in any order.
#include "host.h"
#include "lib/errno.h"
#include "machine/lock.h"
#include <stdlib.h>
#include <string.h>

struct disk *disks[4];

// A run that is on its way.
struct run {
	struct list node;
	struct list requests;
	uint32_t first, count; // in the log
};

static struct disk *disk_of(struct block_device *device)
{
	return container_of(device, struct disk, device);
}

void disk_save(struct disk *d, uint64_t sector)
{
	if (!d->undoing || d->saved[sector / 8] >> sector % 8 & 1)
		return;
	d->saved[sector / 8] |= 1 << sector % 8;
	if (d->undos == d->undo_room) {
		d->undo_room = d->undo_room * 2 + 1024;
		d->undo_sector = realloc(d->undo_sector, d->undo_room * 4);
		d->undo_data = realloc(d->undo_data,
		                       d->undo_room * BLOCK_SECTOR);
	}
	d->undo_sector[d->undos] = sector;
	memcpy(d->undo_data + d->undos++ * BLOCK_SECTOR,
	       d->bytes + sector * BLOCK_SECTOR, BLOCK_SECTOR);
}

void disk_put_back(struct disk *d)
{
	for (size_t i = 0; i < d->undos; i++) {
		uint64_t sector = d->undo_sector[i];

		memcpy(d->bytes + sector * BLOCK_SECTOR,
		       d->undo_data + i * BLOCK_SECTOR, BLOCK_SECTOR);
		d->saved[sector / 8] &= ~(1 << sector % 8);
	}
	d->undos = 0;
}

static void store(struct disk *d, const struct block_request *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		disk_save(d, r->sector + i);
	memcpy(d->bytes + r->sector * BLOCK_SECTOR, r->buffer,
	       (size_t)r->count * BLOCK_SECTOR);
}

void disk_note(struct disk *d, const struct block_request *r)
{
	size_t size = (size_t)r->count * BLOCK_SECTOR;
	struct write *w;

	if (d->logged == d->room) {
		d->room = d->room * 2 + 256;
		d->log = realloc(d->log, d->room * sizeof *d->log);
	}
	w = &d->log[d->logged++];
	*w = (struct write){ .op = r->op, .sector = r->sector,
		             .count = r->count, .started = d->time++,
		             .ended = UINT32_MAX };
	if (r->op != BLOCK_WRITE)
		return;
	w->data = malloc(size);
	memcpy(w->data, r->buffer, size);
}

void disk_forget_log(struct disk *d)
{
	for (uint32_t i = 0; i < d->logged; i++) {
		free(d->log[i].data);
		free(d->log[i].hash);
	}
	d->logged = d->time = 0;
}

static int fails(struct disk *d, enum block_op op)
{
	unsigned every = op == BLOCK_READ ? d->fail_reads : d->fail_writes;
	unsigned *n = op == BLOCK_READ ? &d->reads : &d->writes;

	return every && ++*n % every == 0 ? -EIO : 0;
}

static void end(struct disk *d, struct run *run)
{
	struct block_request *first = block_first(&run->requests);
	int error = fails(d, first->op);

	LIST_EACH(node, &run->requests) {
		struct block_request *r =
			container_of(node, struct block_request, node);

		if (!error && r->op == BLOCK_READ)
			memcpy(r->buffer, d->bytes + r->sector * BLOCK_SECTOR,
			       (size_t)r->count * BLOCK_SECTOR);
		if (!error && r->op == BLOCK_WRITE)
			store(d, r);
	}
	for (uint32_t i = 0; i < run->count; i++)
		d->log[run->first + i].ended = d->time;
	d->time += run->count != 0;
	block_done(&d->device, &run->requests, error);
	free(run);
}

static void start(struct block_device *device, struct list *requests)
{
	struct disk *d = disk_of(device);
	struct run *run = calloc(1, sizeof *run);

	list_init(&run->requests);
	block_take(&run->requests, requests);
	run->first = d->logged;
	LIST_EACH(node, &run->requests) {
		struct block_request *r =
			container_of(node, struct block_request, node);

		if (!d->logging || r->op == BLOCK_READ ||
		    (d->hide && d->hide(d, r)))
			continue;
		disk_note(d, r);
		run->count++;
	}
	if (d->deferred)
		list_add_tail(&d->waiting, &run->node);
	else
		end(d, run);
}

bool disk_step(struct disk *d)
{
	unsigned n = 0, skip;

	LIST_EACH(node, &d->waiting)
		n++;
	if (n == 0)
		return false;
	skip = chance(n);
	LIST_EACH(node, &d->waiting)
		if (skip-- == 0) {
			list_remove(node);
			end(d, container_of(node, struct run, node));
			return true;
		}
	return false;
}

void disk_open(struct disk *d, const uint8_t *image, size_t size)
{
	memset(d, 0, sizeof *d);
	d->bytes = malloc(size);
	memcpy(d->bytes, image, size);
	d->saved = calloc(1, size / BLOCK_SECTOR / 8 + 1);
	d->device = (struct block_device){
		.name = "disk",
		.sectors = size / BLOCK_SECTOR,
		.has_flush = true,
		.depth = 8,
		.pieces = BLOCK_PIECES,
		.start = start,
	};
	list_init(&d->waiting);
	list_init(&d->device.waiting);
	for (size_t i = 0; i < COUNT(disks); i++)
		if (disks[i] == NULL) {
			disks[i] = d;
			return;
		}
	abort();
}

void disk_close(struct disk *d)
{
	for (size_t i = 0; i < COUNT(disks); i++)
		if (disks[i] == d)
			disks[i] = NULL;
	disk_forget_log(d);
	free(d->log);
	free(d->bytes);
	free(d->saved);
	free(d->undo_sector);
	free(d->undo_data);
}

uint8_t *image_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *image;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	fseek(file, 0, SEEK_END);
	*size = ftell(file);
	rewind(file);
	image = malloc(*size);
	if (fread(image, 1, *size, file) != *size)
		exit(2);
	fclose(file);
	return image;
}

// One thread: the lock is never used.
void lock_check(void)
{
}
