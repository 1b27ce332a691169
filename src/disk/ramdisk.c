#include "disk/ramdisk.h"
#include "disk/block.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "process/task.h"

// Memory comes in chunks, so that a large disk needs no large hole.
#define CHUNK_ORDER 4
#define CHUNK (PAGE_SIZE << CHUNK_ORDER)
#define MIB ((size_t)1 << 20)

#define PIECES 16 // of a page: 64 KiB are enough for one pass
#define DEPTH 4 // runs under way, if answers are deferred

struct ramdisk {
	struct block_device block; // first
	struct ktask answers; // deferred: deals with one run at a time
	struct waker asked;
	struct list runs[DEPTH]; // a ring: from `next` on, `count` of them
	unsigned next, count;
	// Where each chunk lies.  NULL: only zeroes so far, and then the next
	// of `spare` will be it: all memory is there from the beginning, but
	// clearing it takes time, so that is done when it is written first.
	char **chunks;
	char **spare;
};

static struct ramdisk *ramdisk_of(struct block_device *device)
{
	return (struct ramdisk *)device;
}

static char *ramdisk_chunk(struct ramdisk *disk, size_t n)
{
	if (disk->chunks[n] == NULL) {
		disk->chunks[n] = *disk->spare++;
		for (size_t at = 0; at < CHUNK; at += PAGE_SIZE)
			page_zero(disk->chunks[n] + at);
	}
	return disk->chunks[n];
}

static void ramdisk_write(struct ramdisk *disk, uint64_t at, const char *from,
                          size_t size)
{
	memcpy(ramdisk_chunk(disk, at / CHUNK) + at % CHUNK, from, size);
}

static void ramdisk_read(struct ramdisk *disk, uint64_t at, char *to,
                         size_t size)
{
	if (disk->chunks[at / CHUNK])
		memcpy(to, disk->chunks[at / CHUNK] + at % CHUNK, size);
	else
		memset(to, 0, size);
}

// Chunk by chunk.
static void ramdisk_move(struct ramdisk *disk, struct block_request *r)
{
	uint64_t at = r->sector * BLOCK_SECTOR;
	size_t left = (size_t)r->count * BLOCK_SECTOR;
	char *buffer = r->buffer;

	while (left) {
		size_t size = CHUNK - at % CHUNK;

		if (size > left)
			size = left;
		if (r->op == BLOCK_READ)
			ramdisk_read(disk, at, buffer, size);
		else
			ramdisk_write(disk, at, buffer, size);
		at += size;
		buffer += size;
		left -= size;
	}
}

static void ramdisk_run(struct ramdisk *disk, struct list *run)
{
	enum block_op op = block_first(run)->op;
	bool moves = op == BLOCK_READ || op == BLOCK_WRITE;

	if (moves)
		LIST_EACH(node, run)
			ramdisk_move(disk, container_of(
				node, struct block_request, node));
	block_done(&disk->block, run, moves ? 0 : -EINVAL);
}

static void ramdisk_start(struct block_device *device, struct list *run)
{
	ramdisk_run(ramdisk_of(device), run);
}

// ---- deferred answers ----

static void ramdisk_defer(struct block_device *device, struct list *run)
{
	struct ramdisk *disk = ramdisk_of(device);
	unsigned last = (disk->next + disk->count++) % DEPTH;

	block_take(&disk->runs[last], run);
	wake_all(&disk->asked);
}

static int64_t ramdisk_answer(struct ktask *ktask)
{
	struct ramdisk *disk = container_of(ktask, struct ramdisk, answers);
	struct list run = LIST_INIT(run);

	if (disk->count == 0) {
		wait_on(&ktask->waiting, &disk->asked);
		return PENDING;
	}
	block_take(&run, &disk->runs[disk->next]);
	disk->next = (disk->next + 1) % DEPTH;
	disk->count--;
	ramdisk_run(disk, &run);
	return ktask_again(ktask);
}

// ---- how it is made ----

static void ramdisk_register(struct ramdisk *disk, const char *name,
                             size_t size, bool deferred)
{
	struct block_device *device = &disk->block;

	device->name = name;
	device->sectors = size / BLOCK_SECTOR;
	device->pieces = PIECES;
	device->depth = deferred ? DEPTH : 1;
	device->start = deferred ? ramdisk_defer : ramdisk_start;
	block_register(device);
	if (!deferred)
		return;
	waker_init(&disk->asked);
	for (int i = 0; i < DEPTH; i++)
		list_init(&disk->runs[i]);
	disk->answers.poll = ramdisk_answer;
	ktask_spawn(&disk->answers);
}

static struct ramdisk *ramdisk_record(size_t chunks)
{
	struct ramdisk *disk = kzalloc(sizeof *disk);

	if (disk == NULL)
		return NULL;
	disk->chunks = kzalloc(2 * chunks * sizeof *disk->chunks);
	disk->spare = disk->chunks + chunks;
	if (disk->chunks)
		return disk;
	kfree(disk);
	return NULL;
}

static void ramdisk_free(struct ramdisk *disk)
{
	for (char **chunk = disk->spare; *chunk; chunk++)
		page_put(*chunk);
	kfree(disk->chunks);
	kfree(disk);
}

struct block_device *ramdisk_new(const char *name, size_t mib, bool deferred)
{
	size_t chunks = mib * MIB / CHUNK;
	struct ramdisk *disk;

	if (chunks * CHUNK / PAGE_SIZE > page_free_count())
		return NULL;
	disk = ramdisk_record(chunks + 1); // ends with NULL
	if (disk == NULL)
		return NULL;
	for (size_t i = 0; i < chunks; i++) {
		disk->spare[i] = page_alloc(CHUNK_ORDER);
		if (disk->spare[i] == NULL) {
			ramdisk_free(disk);
			return NULL;
		}
	}
	ramdisk_register(disk, name, mib * MIB, deferred);
	return &disk->block;
}

struct block_device *ramdisk_at(const char *name, void *memory, size_t size,
                                bool deferred)
{
	size_t chunks = (size + CHUNK - 1) / CHUNK;
	struct ramdisk *disk = ramdisk_record(chunks);

	if (disk == NULL)
		return NULL;
	for (size_t i = 0; i < chunks; i++)
		disk->chunks[i] = (char *)memory + i * CHUNK;
	ramdisk_register(disk, name, size, deferred);
	return &disk->block;
}

// MiB, and perhaps ",deferred".
void ramdisk_init(void)
{
	size_t length, mib = 0;
	const char *value = board_arg("ramdisk", &length), *end;

	if (value == NULL)
		return;
	end = value + length;
	while (value < end && *value >= '0' && *value <= '9' && mib < 1 << 20)
		mib = mib * 10 + *value++ - '0';
	if (mib == 0 || (value < end && *value != ','))
		kprintf("ramdisk: not a number of MiB, none made\n");
	else if (ramdisk_new("ram0", mib, value < end) == NULL)
		kprintf("ramdisk: no memory for %lu MiB\n", mib);
}
