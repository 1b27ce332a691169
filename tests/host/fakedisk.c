#include "fakedisk.h"
#include "disk/block.h"
#include "disk/virtio.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/mmio.h"
#include "machine/plic.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "process/timer.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct fake fake;
uint64_t fake_now, fake_alarm;
char fake_said[1024];

struct board board = { .virtio = FAKE_BASE, .virtio_step = 0x1000,
	               .virtio_slots = 1, .virtio_irq = 1,
	               .timebase = 1000, .clint = 0x2000000 };

static plic_handler handler;
static void *handler_arg;
static struct timer *timer;

// ---- the device ----

static void move(uint8_t *at, struct virtio_buffer *b, bool to_disk)
{
	if (to_disk)
		memcpy(at, (void *)b->address, b->size);
	else
		memcpy((void *)b->address, at, b->size);
}

// Deals with one chain; the status it deserves.
static uint8_t serve(uint32_t type, uint64_t sector, struct virtio_buffer *b)
{
	uint8_t *at = fake.data + 512 * sector;

	fake.flushes += type == 4;
	if (fake.mode == FAILS)
		return 1;
	for (; b->flags & VIRTIO_NEXT; b = (struct virtio_buffer *)
	                                           fake.buffers + b->next) {
		if (type == 8)
			strncpy((char *)b->address, fake.serial, b->size);
		else if (at + b->size > fake.data + sizeof fake.data)
			return 1;
		else
			move(at, b, type == 1);
		at += b->size;
	}
	return 0;
}

static void answer(uint32_t head)
{
	uint16_t *index = (uint16_t *)fake.used + 1;
	uint32_t *ring = (uint32_t *)(fake.used + 4);

	ring[2 * (*index % fake.queue_size)] = head;
	ring[2 * (*index % fake.queue_size) + 1] = 0;
	++*index;
	fake.pending = true;
}

static void take(uint16_t head)
{
	struct virtio_buffer *buffers = (void *)fake.buffers;
	struct virtio_buffer *b = buffers + head, *last = b;
	uint32_t *header = (void *)b->address;

	while (last->flags & VIRTIO_NEXT)
		last = buffers + last->next;
	fake.requests++;
	*(uint8_t *)last->address = serve(header[0], *(uint64_t *)(header + 2),
	                                  buffers + b->next);
	answer(fake.mode == CONFUSED ? head + 1u : head);
	if (fake.mode == REPEATS)
		answer(head);
}

static void notify(void)
{
	uint16_t *available = (uint16_t *)fake.available;

	fake.notifies++;
	if (fake.mode == BREAKS) {
		fake.status |= 64;
		fake.pending = true;
	}
	if (fake.mode == SILENT || fake.mode == BREAKS || !fake.working)
		return;
	while (fake.seen != available[1])
		take(available[2 + fake.seen++ % fake.queue_size]);
}

static void set_status(uint32_t value)
{
	if (value == 0) {
		fake.resets++;
		fake.working = false;
		fake.ready = fake.pfn = fake.in_use;
		fake.pending = false;
		fake.seen = 0;
		if (!fake.stubborn)
			fake.status = 0;
		return;
	}
	fake.status = value;
	if (fake.refuses)
		fake.status &= ~8u;
	fake.working = value & 4;
	if (fake.version != 1 || !fake.working)
		return;
	fake.buffers = (uint64_t)fake.pfn << 12;
	fake.available = fake.buffers + 16 * fake.queue_size;
	fake.used = (fake.available + 6 + 2 * fake.queue_size + 4095) & ~4095ul;
}

static void set_half(uint64_t *to, unsigned half, uint32_t value)
{
	((uint32_t *)to)[half] = value;
}

void write32(uintptr_t at, uint32_t value)
{
	switch (at - FAKE_BASE) {
	case 0x014: fake.offered_select = value; break;
	case 0x020: set_half(&fake.accepted, fake.accepted_select, value); break;
	case 0x024: fake.accepted_select = value; break;
	case 0x038: fake.queue_size = value; break;
	case 0x040: fake.pfn = value; break;
	case 0x044: fake.ready = value; break;
	case 0x050: notify(); break;
	case 0x064: fake.pending = false; break;
	case 0x070: set_status(value); break;
	case 0x080: case 0x084: set_half(&fake.buffers, at / 4 % 2, value); break;
	case 0x090: case 0x094: set_half(&fake.available, at / 4 % 2, value); break;
	case 0x0a0: case 0x0a4: set_half(&fake.used, at / 4 % 2, value); break;
	}
}

uint32_t read32(uintptr_t at)
{
	switch (at - FAKE_BASE) {
	case 0x000: return 0x74726976;
	case 0x004: return fake.version;
	case 0x008: return 2;
	case 0x010: return fake.offered >> 32 * fake.offered_select;
	case 0x034: return fake.queue_most;
	case 0x040: return fake.pfn;
	case 0x044: return fake.ready;
	case 0x060: return fake.pending;
	case 0x070: return fake.status;
	case 0x0fc: return fake.generation > 3 ? 3 : fake.generation++;
	case 0x100: return FAKE_SECTORS;
	case 0x104: return fake.generation > 3 || fake.version == 1 ? 0 : 99;
	case 0x10c: return fake.seg_max;
	}
	return 0;
}

uint64_t read64(uintptr_t at)
{
	(void)at;
	return fake_now;
}

// ---- the kernel around the driver ----

void fake_reset(uint32_t version)
{
	memset(&fake, 0, sizeof fake);
	fake.version = version;
	fake.queue_most = 1024;
	fake.seg_max = 126;
	fake.offered = 1ul << 32 | 1 << 9 | 1 << 6 | 1 << 2 | 1;
	fake.serial = "number 1";
	handler = NULL;
	fake_alarm = 0;
	timer = NULL;
	fake_said[0] = '\0';
}

void fake_interrupt(void)
{
	if (fake.pending && handler)
		handler(handler_arg);
}

void fake_sleep(uint64_t ticks)
{
	fake_now += ticks;
	if (timer && fake_alarm && fake_now >= fake_alarm) {
		struct timer *late = timer;

		timer_stop(late);
		late->fire(late);
	}
}

void plic_register(unsigned irq, plic_handler new_handler, void *arg)
{
	(void)irq;
	handler = new_handler;
	handler_arg = arg;
}

void timer_start(struct timer *new_timer, uint64_t deadline)
{
	timer = new_timer;
	timer->node.sequence = 1;
	fake_alarm = deadline;
}

void timer_stop(struct timer *old)
{
	old->node.sequence = 0;
	fake_alarm = 0;
}

void kprintf(const char *format, ...)
{
	size_t at = strlen(fake_said);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(fake_said + at, sizeof fake_said - at, format, arguments);
	va_end(arguments);
}

// Low, because a legacy device is told a page number of 32 bits.
void *page_alloc(unsigned order)
{
	void *memory = mmap(NULL, PAGE_SIZE << order, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void page_zero(void *frame)
{
	memset(frame, 0, PAGE_SIZE);
}

void *kzalloc(size_t size)
{
	return calloc(1, size);
}

void kfree(void *object)
{
	free(object);
}
