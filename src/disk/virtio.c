#include "disk/virtio.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/mmio.h"
#include "memory/page.h"

// Registers, from the base of the device on.
enum {
	MAGIC = 0x000,           // "virt"
	VERSION = 0x004,         // 1 legacy, 2 modern
	DEVICE_ID = 0x008,       // 0: nothing here
	OFFERED = 0x010,         // features, 32 at a time ...
	OFFERED_SELECT = 0x014,  // ... of which this word
	ACCEPTED = 0x020,
	ACCEPTED_SELECT = 0x024,
	GUEST_PAGE = 0x028,      // legacy: the unit of QUEUE_PFN
	QUEUE_SELECT = 0x030,
	QUEUE_MOST = 0x034,      // entries, 0: no such queue
	QUEUE_SIZE = 0x038,
	QUEUE_ALIGN = 0x03c,     // legacy: of the used ring
	QUEUE_PFN = 0x040,       // legacy: where it lies, 0: nowhere
	QUEUE_READY = 0x044,
	QUEUE_NOTIFY = 0x050,
	INTERRUPT_STATUS = 0x060,
	INTERRUPT_ACK = 0x064,
	STATUS = 0x070,          // 0 resets
	QUEUE_BUFFERS = 0x080,   // three addresses, low words and high words
	QUEUE_AVAILABLE = 0x090,
	QUEUE_USED = 0x0a0,
	CONFIG_GENERATION = 0x0fc,
	CONFIG = 0x100,
};

#define MAGIC_VIRT 0x74726976

#define STATUS_FOUND         1
#define STATUS_DRIVER        2
#define STATUS_GO            4
#define STATUS_FEATURES      8
#define STATUS_NEEDS_RESET  64

#define RESET_READS 10000 // of the status, until it is 0

static uint32_t get(struct virtio *v, unsigned reg)
{
	return read32(v->base + reg);
}

static void set(struct virtio *v, unsigned reg, uint32_t value)
{
	write32(v->base + reg, value);
}

uint32_t virtio_probe(struct virtio *v, uintptr_t base)
{
	uint32_t version, id;

	v->base = base;
	if (get(v, MAGIC) != MAGIC_VIRT)
		return 0;
	version = get(v, VERSION);
	id = get(v, DEVICE_ID);
	if (id != 0 && version != 1 && version != 2) {
		kprintf("virtio at %lx: version %u is unknown\n", base,
		        version);
		return 0;
	}
	v->modern = version == 2;
	return id;
}

// A modern device may take its time, and shows that it is done.
bool virtio_reset(struct virtio *v)
{
	set(v, STATUS, 0);
	device_barrier();
	for (int i = 0; i < RESET_READS; i++)
		if (get(v, STATUS) == 0)
			return true;
	kprintf("virtio at %lx: does not reset\n", v->base);
	return false;
}

int virtio_agree(struct virtio *v, uint64_t wanted, uint64_t *features)
{
	uint64_t offered;

	if (!virtio_reset(v))
		return -EIO;
	set(v, STATUS, STATUS_FOUND);
	set(v, STATUS, STATUS_FOUND | STATUS_DRIVER);
	set(v, OFFERED_SELECT, 1);
	offered = (uint64_t)get(v, OFFERED) << 32;
	set(v, OFFERED_SELECT, 0);
	offered |= get(v, OFFERED);
	if (v->modern)
		wanted |= VIRTIO_VERSION_1;
	*features = offered & wanted;
	set(v, ACCEPTED_SELECT, 1);
	set(v, ACCEPTED, *features >> 32);
	set(v, ACCEPTED_SELECT, 0);
	set(v, ACCEPTED, *features);
	if (!v->modern)
		return 0;
	set(v, STATUS, STATUS_FOUND | STATUS_DRIVER | STATUS_FEATURES);
	if (get(v, STATUS) & STATUS_FEATURES)
		return 0;
	kprintf("virtio at %lx: refuses our features\n", v->base);
	return -EIO;
}

// A power of two; 0 with a message if there is none that will do.
static unsigned virtio_queue_size(struct virtio *v, unsigned least,
                                  unsigned most)
{
	unsigned offered = get(v, QUEUE_MOST), size = 1;

	while (size * 2 <= offered && size * 2 <= most)
		size *= 2;
	if (offered && size >= least)
		return size;
	kprintf("virtio at %lx: a queue of %u is too small, not used\n",
	        v->base, offered);
	return 0;
}

// Buffers, the available ring, and from the next page on the used ring: a
// legacy device takes no other layout.
static int virtio_lay_queue(struct virtio *v)
{
	size_t buffers = v->size * sizeof(struct virtio_buffer);
	size_t used = (buffers + 6 + 2 * v->size + PAGE_MASK) & ~PAGE_MASK;
	size_t pages = (used + 6 + 8 * v->size + PAGE_MASK) / PAGE_SIZE;
	unsigned order = 0;
	char *memory = (char *)v->buffers;

	while ((1u << order) < pages)
		order++;
	if (memory == NULL)
		memory = page_alloc(order);
	if (memory == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < pages; i++)
		page_zero(memory + i * PAGE_SIZE);
	v->buffers = (struct virtio_buffer *)memory;
	v->available = (uint16_t *)(memory + buffers);
	v->used = (uint16_t *)(memory + used);
	v->sent = v->seen = 0;
	return 0;
}

static void virtio_set_address(struct virtio *v, unsigned reg,
                               const volatile void *address)
{
	set(v, reg, (uintptr_t)address);
	set(v, reg + 4, (uint64_t)(uintptr_t)address >> 32);
}

int virtio_give_queue(struct virtio *v, unsigned least, unsigned most)
{
	set(v, QUEUE_SELECT, 0);
	if (get(v, v->modern ? QUEUE_READY : QUEUE_PFN)) {
		kprintf("virtio at %lx: its queue is in use\n", v->base);
		return -EIO;
	}
	v->size = virtio_queue_size(v, least, most);
	if (v->size == 0)
		return -EIO;
	if (virtio_lay_queue(v))
		return -ENOMEM;
	set(v, QUEUE_SIZE, v->size);
	if (v->modern) {
		virtio_set_address(v, QUEUE_BUFFERS, v->buffers);
		virtio_set_address(v, QUEUE_AVAILABLE, v->available);
		virtio_set_address(v, QUEUE_USED, v->used);
		set(v, QUEUE_READY, 1);
	} else {
		set(v, GUEST_PAGE, PAGE_SIZE);
		set(v, QUEUE_ALIGN, PAGE_SIZE);
		set(v, QUEUE_PFN, (uintptr_t)v->buffers >> PAGE_SHIFT);
	}
	return 0;
}

void virtio_go(struct virtio *v)
{
	device_barrier();
	set(v, STATUS, get(v, STATUS) | STATUS_GO);
}

// The device reads the ring up to the index, so that comes last; and the index
// must be there when it is told to look.
void virtio_send(struct virtio *v, uint16_t head)
{
	v->available[2 + v->sent % v->size] = head;
	device_barrier();
	v->available[1] = ++v->sent;
	device_barrier();
	if (!(v->used[0] & 1)) // it does not need to be told
		set(v, QUEUE_NOTIFY, 0);
}

bool virtio_answer(struct virtio *v, uint32_t *head)
{
	const volatile uint32_t *ring = (volatile uint32_t *)(v->used + 2);

	if (v->used[1] == v->seen)
		return false;
	device_barrier(); // what the index covers is read after it
	*head = ring[2 * (v->seen++ % v->size)];
	return true;
}

// Acknowledged first and looked at then: an answer in between interrupts anew.
bool virtio_interrupt(struct virtio *v)
{
	set(v, INTERRUPT_ACK, get(v, INTERRUPT_STATUS));
	device_barrier();
	return !(get(v, STATUS) & STATUS_NEEDS_RESET);
}

uint32_t virtio_config(struct virtio *v, unsigned offset)
{
	return get(v, CONFIG + offset);
}

// Read again if the device changed it in the middle, which it will not do for
// ever.
uint64_t virtio_config64(struct virtio *v, unsigned offset)
{
	uint32_t generation;
	uint64_t value;
	int tries = 100;

	do {
		generation = v->modern ? get(v, CONFIG_GENERATION) : 0;
		value = (uint64_t)virtio_config(v, offset + 4) << 32 |
		        virtio_config(v, offset);
	} while (v->modern && generation != get(v, CONFIG_GENERATION) &&
	         --tries);
	return value;
}
