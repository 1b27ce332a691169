// src/memory/heap.c on top of src/memory/page.c.
#include "claim.h"
#include "memory/heap.h"
#include "memory/page.h"
#include <stdlib.h>
#include <string.h>

#define MIB (1ul << 20)

static char *range;

static void balanced(void)
{
	heap_trim();
	CLAIM(heap_used() == 0);
	CLAIM(page_free_count() == page_total());
}

static void every_size(void)
{
	for (size_t size = 0; size < 10000; size += size < 2100 ? 1 : 97) {
		char *a = kmalloc(size), *b = kzalloc(size);

		CLAIM(a && b && a != b);
		CLAIM((uintptr_t)a % 16 == 0 && (uintptr_t)b % 16 == 0);
		CLAIM(heap_used() >= 2 * size);
		for (size_t i = 0; i < size; i++)
			if (b[i])
				CLAIM(!"zeroed");
		memset(a, 1, size);
		memset(b, 2, size);
		kfree(a);
		kfree(b);
	}
	balanced();
	CLAIM(kmalloc(4 * MIB + 1) == NULL);
	CLAIM(kmalloc(SIZE_MAX) == NULL);
	kfree(NULL);
}

static void a_process_wastes_little(void)
{
	void *all[300];
	size_t before = page_free_count();

	for (int i = 0; i < 300; i++)
		all[i] = kmalloc(1300);
	CLAIM(before - page_free_count() == 100);
	for (int i = 0; i < 300; i++)
		kfree(all[i]);
	CLAIM(before - page_free_count() <= 1);
	balanced();
}

#define OBJECTS 3000

static void random_run(void)
{
	static struct {
		unsigned char *bytes;
		size_t size;
	} objects[OBJECTS];

	for (int round = 0; round < 100000; round++) {
		size_t i = chance(OBJECTS);
		unsigned char *bytes = objects[i].bytes;

		if (bytes) {
			CLAIM(bytes[0] == i % 251);
			CLAIM(bytes[objects[i].size - 1] == i % 251);
			kfree(bytes);
			objects[i].bytes = NULL;
			continue;
		}
		objects[i].size = 1 + chance(chance(20) ? 600 : 9000);
		bytes = objects[i].bytes = kmalloc(objects[i].size);
		if (bytes)
			memset(bytes, i % 251, objects[i].size);
		CLAIM(bytes || page_fail_after);
	}
	for (int i = 0; i < OBJECTS; i++)
		kfree(objects[i].bytes), objects[i].bytes = NULL;
	balanced();
}

static void caught(void)
{
	char *a = kmalloc(100), *b = kmalloc(100), *big = kmalloc(5000);
	char *page = page_alloc(0), local[32];

	PANICS("not the start of an object", kfree(a + 16));
	PANICS("not the start of an object", kfree(a + 1));
	PANICS("not the start of an object", kfree(b + 128)); // not given yet
	PANICS("not of the heap", kfree(local));
	PANICS("not of the heap", kfree(page));
	PANICS("not of the heap", kfree(big + 4096));
	PANICS("not of the heap", kfree(big + 16));
	kfree(a);
	PANICS("freed before", kfree(a));
	kfree(big);
	PANICS("not of the heap", kfree(big));
	kfree(b); // the slab is empty now, and kept
	PANICS("freed before", kfree(b));
	heap_trim();
	PANICS("not of the heap", kfree(b));
	page_put(page);
	balanced();
}

// An object whose owner wrote what a freed one holds is still his to free.
static void forged_mark(void)
{
	char *a = kmalloc(16), *b = kmalloc(16), mark[16];

	kfree(a);
	memcpy(mark, a, sizeof(mark));
	a = kmalloc(16);
	memcpy(b, mark, sizeof(mark));
	memcpy(a, mark, sizeof(mark));
	kfree(a);
	kfree(b);
	balanced();
}

void test_heap(void)
{
	range = aligned_alloc(4 * MIB, 64 * MIB);
	page_init((uintptr_t)range, (uintptr_t)range + 64 * MIB);
	every_size();
	a_process_wastes_little();
	random_run();
	caught();
	forged_mark();
	for (page_fail_after = 1; page_fail_after < 9; page_fail_after++)
		random_run();
	page_fail_after = 0;
	random_run();
	free(range);
}
