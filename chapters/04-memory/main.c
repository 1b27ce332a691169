// Chapter 4, memory: page frames from the buddy allocator, objects from the
// heap above it.  What was taken comes back, all of it; what is given back
// twice is named.
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "machine/trap.h"
#include "memory/heap.h"
#include "memory/page.h"

#define OBJECTS (PAGE_SIZE < 4096 ? 20 : 500)    // where memory is small, too

static void *objects[OBJECTS];

// Objects of all sizes, each filled with its number and looked at afterwards.
static size_t object_size(int i)
{
	return 1 + i * i % 6000;
}

static void fill_heap(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		objects[i] = kmalloc(object_size(i));
		if (objects[i] == NULL)
			panic("out of memory");
		memset(objects[i], i, object_size(i));
	}
}

static int count_spoilt(void)
{
	int spoilt = 0;

	for (int i = 0; i < OBJECTS; i++)
		for (size_t at = 0; at < object_size(i); at++)
			if (((uint8_t *)objects[i])[at] != (uint8_t)i)
				spoilt++;
	return spoilt;
}

static void heap_test(void)
{
	size_t before = page_free_count();

	kprintf("heap test: %lu bytes in use\n", heap_used());
	fill_heap();
	kprintf("  %d objects, %d bytes of them spoilt, %s frames in use\n",
	        OBJECTS, count_spoilt(),
	        page_free_count() < before ? "some" : "no");
	for (int i = 0; i < OBJECTS; i++)
		kfree(objects[i]);
	heap_trim();
	kprintf("  all freed: %lu bytes in use, %ld frames missing\n",
	        heap_used(), (long)(before - page_free_count()));
}

static void page_test(void)
{
	size_t before = page_free_count();
	char *block = page_alloc(3);

	kprintf("a block of 8 frames is %s to its size, %lu frames fewer\n",
	        (uintptr_t)block % (8 * PAGE_SIZE) ? "not aligned" : "aligned",
	        before - page_free_count());
	page_get(block);
	page_put(block);
	kprintf("taken twice and put once: %u user left\n", page_refs(block));
	page_put(block);
	kprintf("put again: %ld frames missing\n",
	        (long)(before - page_free_count()));
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	void *object;

	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 4: memory\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime
	kprintf("the clock runs at %lu Hz\n", board.timebase);
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	kprintf("%s page frames are free\n", page_free_count() > 30000
	        ? "more than 30,000" : "few");
	page_test();
	heap_test();

	kprintf("now an object is freed twice\n");
	object = kmalloc(100);
	kmalloc(100);            // its slab stays in use
	kfree(object);
	panic_status = 0;        // this one is part of the show
	kfree(object);
	kprintf("never reached\n");
}
