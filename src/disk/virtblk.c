#include "disk/virtblk.h"
#include "disk/block.h"
#include "disk/virtio.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/plic.h"
#include "memory/heap.h"
#include "process/timer.h"

#define QUEUE_MOST 256
#define QUEUE_LEAST 4 // a header, a piece or two, the status
#define SLOTS 16 // runs under way, at most
#define CHANCES 2 // times that a disk may fail to answer in a row

// Features.
#define HAS_SEG_MAX   (1ul << 2)
#define HAS_READ_ONLY (1ul << 5)
#define HAS_FLUSH     (1ul << 9)

// Configuration.
enum {
	CONFIG_SECTORS = 0, // 64 bits
	CONFIG_SEG_MAX = 12,
};

static const uint32_t types[] = {
	[BLOCK_READ] = 0,
	[BLOCK_WRITE] = 1,
	[BLOCK_FLUSH] = 4,
	[BLOCK_IDENTIFY] = 8,
};

// Room for one run.  Each has buffers of its own in the queue, so that there
// is nothing to look for: number n has those from n * disk->chain on.
struct slot {
	struct list node; // of the disk: at rest, or under way
	struct list run;
	uint64_t deadline;
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header; // the device reads it
	uint8_t status; // and writes this
};

struct disk {
	struct block_device block; // first
	struct virtio virtio;
	struct timer timer; // for the first that is under way
	struct list resting, busy; // slots; busy in the order of deadlines
	unsigned chain; // buffers of each slot
	unsigned chances; // 0: it is given up
	struct slot slots[SLOTS];
	struct block_request identify;
	char name[4];
};

uint64_t virtblk_patience = 30000;

static struct slot *slot_of(struct list *node)
{
	return container_of(node, struct slot, node);
}

static struct disk *disk_of(struct block_device *device)
{
	return (struct disk *)device;
}

// ---- a run goes to the device ----

static struct virtio_buffer *disk_link(struct virtio_buffer *buffer,
                                       const void *address, uint32_t size,
                                       uint16_t writes)
{
	uint16_t next = buffer->next;

	*buffer = (struct virtio_buffer){ .address = (uintptr_t)address,
		                          .size = size,
		                          .flags = VIRTIO_NEXT | writes,
		                          .next = next };
	return buffer + 1;
}

static size_t disk_piece(const struct block_request *r)
{
	return r->op == BLOCK_IDENTIFY ? BLOCK_NAME
	                               : (size_t)r->count * BLOCK_SECTOR;
}

// Header, pieces, status: one chain.
static void disk_fill(struct disk *disk, struct slot *slot)
{
	unsigned head = (slot - disk->slots) * disk->chain;
	struct virtio_buffer *buffer = disk->virtio.buffers + head;
	struct block_request *first = block_first(&slot->run);
	uint16_t writes = first->op == BLOCK_WRITE ? 0 : VIRTIO_WRITES;

	slot->header.type = types[first->op];
	slot->header.sector = first->op == BLOCK_READ ||
	                      first->op == BLOCK_WRITE ? first->sector : 0;
	slot->status = 0xff;
	buffer = disk_link(buffer, &slot->header, sizeof slot->header, 0);
	if (first->op != BLOCK_FLUSH)
		LIST_EACH(node, &slot->run) {
			struct block_request *r = container_of(
				node, struct block_request, node);

			buffer = disk_link(buffer, r->buffer, disk_piece(r),
			                   writes);
		}
	disk_link(buffer, &slot->status, 1, VIRTIO_WRITES);
	buffer->flags &= ~VIRTIO_NEXT;
}

static void disk_start(struct block_device *device, struct list *run)
{
	struct disk *disk = disk_of(device);
	struct slot *slot;

	if (disk->chances == 0) {
		block_done(device, run, -EIO);
		return;
	}
	slot = slot_of(disk->resting.next);
	block_take(&slot->run, run);
	disk_fill(disk, slot);
	slot->deadline = clint_now() +
	                 virtblk_patience * board.timebase / 1000;
	list_remove(&slot->node);
	list_add_tail(&disk->busy, &slot->node);
	if (!timer_running(&disk->timer))
		timer_start(&disk->timer, slot->deadline);
	virtio_send(&disk->virtio, (slot - disk->slots) * disk->chain);
}

// ---- and comes back ----

static void disk_finish(struct disk *disk, struct slot *slot, int error)
{
	struct list run = LIST_INIT(run);

	list_remove(&slot->node);
	list_add_tail(&disk->resting, &slot->node);
	block_take(&run, &slot->run);
	block_done(&disk->block, &run, error);
}

// How the queue is shared out among slots.
static void disk_divide(struct disk *disk, uint64_t features)
{
	unsigned size = disk->virtio.size, pieces = BLOCK_PIECES;

	if (features & HAS_SEG_MAX) {
		unsigned most = virtio_config(&disk->virtio, CONFIG_SEG_MAX);

		pieces = most == 0 ? 1 : most < pieces ? most : pieces;
	}
	disk->chain = pieces + 2 < size ? pieces + 2 : size;
	disk->block.pieces = disk->chain - 2;
	disk->block.depth = size / disk->chain;
	if (disk->block.depth > SLOTS)
		disk->block.depth = SLOTS;
}

// Agrees with the device on everything.  After a reset the queue is divided
// as it was, so it has to be as large.
static int disk_set_up(struct disk *disk)
{
	struct virtio *v = &disk->virtio;
	uint64_t features;
	int err = virtio_agree(v, HAS_SEG_MAX | HAS_READ_ONLY | HAS_FLUSH,
	                       &features);

	if (!err && disk->chain)
		err = virtio_give_queue(v, v->size, v->size);
	else if (!err)
		err = virtio_give_queue(v, QUEUE_LEAST, QUEUE_MOST);
	if (err)
		return err;
	if (disk->chain == 0)
		disk_divide(disk, features);
	disk->block.sectors = virtio_config64(v, CONFIG_SECTORS);
	disk->block.read_only = features & HAS_READ_ONLY;
	disk->block.has_flush = features & HAS_FLUSH;
	for (unsigned i = 0; i < v->size; i++)
		v->buffers[i].next = i + 1;
	virtio_go(v);
	return 0;
}

// The device has failed: it lets go of all memory, then of all requests.  The
// next ones find it as new; but who never answers is not asked for ever.
static void disk_fail(struct disk *disk, const char *why)
{
	struct list lost = LIST_INIT(lost);

	kprintf("%s: %s, reset\n", disk->name, why);
	timer_stop(&disk->timer);
	disk->chances--;
	if (!virtio_reset(&disk->virtio) || disk->chances == 0 ||
	    disk_set_up(disk)) {
		disk->chances = 0;
		kprintf("%s: given up\n", disk->name);
	}
	block_hold(&disk->block);
	block_take(&lost, &disk->busy);
	while (!list_empty(&lost))
		disk_finish(disk, slot_of(lost.next), -EIO);
	block_release(&disk->block);
}

// The timer is not set anew with each request, so it may be early.
static void disk_late(struct timer *timer)
{
	struct disk *disk = container_of(timer, struct disk, timer);
	struct slot *first = slot_of(disk->busy.next);

	if (list_empty(&disk->busy))
		return;
	if (first->deadline > clint_now())
		timer_start(timer, first->deadline);
	else
		disk_fail(disk, "no answer");
}

// An answer to what was not asked tells that the device is out of order.
static struct slot *disk_answered(struct disk *disk, uint32_t head)
{
	struct slot *slot = &disk->slots[head / disk->chain];

	if (head % disk->chain || head / disk->chain >= disk->block.depth ||
	    list_empty(&slot->run))
		return NULL;
	return slot;
}

static void disk_interrupt(void *arg)
{
	struct disk *disk = arg;
	uint32_t head;

	if (!virtio_interrupt(&disk->virtio)) {
		disk_fail(disk, "the device wants it");
		return;
	}
	while (disk->chances && virtio_answer(&disk->virtio, &head)) {
		struct slot *slot = disk_answered(disk, head);

		if (slot == NULL) {
			disk_fail(disk, "a wrong answer");
			return;
		}
		disk->chances = CHANCES;
		disk_finish(disk, slot, slot->status == 0 ? 0 : -EIO);
	}
}

// ---- how it is found ----

static void disk_identified(struct block_request *request)
{
	if (request->error)
		disk_of(request->private)->block.serial[0] = '\0';
}

static void disk_identify(struct disk *disk)
{
	struct block_request *r = &disk->identify;

	r->op = BLOCK_IDENTIFY;
	r->buffer = disk->block.serial;
	r->done = disk_identified;
	r->private = disk;
	block_submit(&disk->block, r);
}

static void disk_add(struct virtio found, unsigned irq)
{
	static char letter = 'a';
	struct disk *disk = kzalloc(sizeof *disk);

	if (disk == NULL) {
		kprintf("virtio at %lx: no memory\n", found.base);
		return;
	}
	disk->virtio = found;
	list_init(&disk->resting);
	list_init(&disk->busy);
	if (disk_set_up(disk)) {
		kfree(disk);
		return;
	}
	for (unsigned i = 0; i < disk->block.depth; i++) {
		list_init(&disk->slots[i].run);
		list_add_tail(&disk->resting, &disk->slots[i].node);
	}
	memcpy(disk->name, "vd", 2);
	disk->name[2] = letter++;
	disk->chances = CHANCES;
	disk->timer.fire = disk_late;
	disk->block.name = disk->name;
	disk->block.start = disk_start;
	block_register(&disk->block);
	plic_register(irq, disk_interrupt, disk);
	disk_identify(disk);
}

// From the last slot down: so QEMU fills them, and its first disk is vda.
void virtblk_init(void)
{
	for (unsigned i = board.virtio_slots; i-- > 0;) {
		struct virtio found = { 0 };
		uintptr_t base = board.virtio + i * board.virtio_step;

		if (virtio_probe(&found, base) == VIRTIO_BLOCK)
			disk_add(found, board.virtio_irq + i);
	}
}
