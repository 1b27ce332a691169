// src/memory/page.c over ranges of the host's memory.
#include "claim.h"
#include "memory/page.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MIB (1ul << 20)

static char *range;

// A fresh range, first to last byte as far off a 4 MiB boundary as is said.
static void start(size_t head, size_t size)
{
	range = mmap(NULL, size + 8 * MIB, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	range += -(uintptr_t)range % (4 * MIB) + head;
	page_init((uintptr_t)range, (uintptr_t)range + size);
}

static void touches_nothing(void)
{
	static unsigned char resident[(8ul << 30) / PAGE_SIZE];
	size_t size = 8ul << 30, touched = 0;

	start(0, size);
	CLAIM(page_total() == page_free_count());
	CLAIM(page_total() * (PAGE_SIZE + sizeof(struct page)) <= size);
	CLAIM((page_total() + 9) * (PAGE_SIZE + sizeof(struct page)) > size);
	page_put(page_alloc(0));
	CLAIM(page_total() == page_free_count());
	if (DEBUG)
		return; // poison
	CLAIM(mincore(range, size, resident) == 0);
	for (size_t i = 0; i < size / PAGE_SIZE; i++)
		touched += resident[i] & 1;
	CLAIM(touched < 16);
}

// Takes all blocks of an order there are, linked through their first words.
static size_t take_all(unsigned order, void **chain)
{
	size_t n = 0;

	for (void **block; (block = page_alloc(order)); n++) {
		CLAIM(((uintptr_t)block & ((PAGE_SIZE << order) - 1)) == 0);
		CLAIM((char *)block >= range);
		*block = *chain;
		*chain = block;
	}
	return n;
}

static void put_all(void *chain)
{
	while (chain) {
		void *next = *(void **)chain;

		page_put(chain);
		chain = next;
	}
}

static void all_of_it(size_t head, size_t size)
{
	void *chain = NULL;
	size_t largest;

	start(head, size);
	largest = take_all(PAGE_MAX_ORDER, &chain);
	CLAIM(page_free_count() == page_total() - (largest << PAGE_MAX_ORDER));
	put_all(chain);
	for (unsigned order = 0; order <= PAGE_MAX_ORDER; order++) {
		chain = NULL;

		size_t n = take_all(order, &chain);

		CLAIM(order > 0 || n == page_total());
		CLAIM(page_free_count() == page_total() - (n << order));
		put_all(chain);
		CLAIM(page_free_count() == page_total());
		chain = NULL; // the buddies have found each other again
		CLAIM(take_all(PAGE_MAX_ORDER, &chain) == largest);
		put_all(chain);
	}
	CLAIM(page_alloc(PAGE_MAX_ORDER + 1) == NULL);
}

#define BLOCKS 500

static void random_run(void)
{
	static struct {
		uint64_t *words;
		size_t n;
	} blocks[BLOCKS];
	size_t taken = 0;

	start(20 * PAGE_SIZE, 64 * MIB + 3 * PAGE_SIZE);
	for (int round = 0; round < 40000; round++) {
		size_t i = chance(BLOCKS);
		unsigned order = chance(4) ? 0 : chance(PAGE_MAX_ORDER + 1);

		if (blocks[i].words) {
			CLAIM(blocks[i].words[0] == i);
			CLAIM(blocks[i].words[blocks[i].n * 512 - 1] == i);
			page_put(blocks[i].words);
			taken -= blocks[i].n;
			blocks[i].words = NULL;
		} else if ((blocks[i].words = page_alloc(order))) {
			blocks[i].n = 1ul << order;
			blocks[i].words[0] = i;
			blocks[i].words[blocks[i].n * 512 - 1] = i;
			taken += blocks[i].n;
		}
		CLAIM(page_free_count() == page_total() - taken);
	}
	for (size_t i = 0; i < BLOCKS; i++)
		if (blocks[i].words)
			page_put(blocks[i].words);
	CLAIM(page_free_count() == page_total());
}

static void references(void)
{
	char *frame, *block;

	start(0, 32 * MIB);
	frame = page_alloc(0);
	block = page_alloc(3);
	CLAIM(page_refs(frame) == 1);
	page_get(frame + 100);
	CLAIM(page_refs(frame) == 2);
	page_put(frame + 4095);
	CLAIM(page_refs(frame) == 1);
	CLAIM(page_address(page_of(frame + 9)) == frame);
	CLAIM(page_of(block)->order == 3);
	CLAIM(page_of(block)->kind == PAGE_USED);
	CLAIM(page_of(block)->lo == 0 && page_of(block)->hi == 0);
	page_of(block)->kind = PAGE_TABLE;
	page_of(block)->lo = page_of(block)->hi = 9;
	page_put(block);
	block = page_alloc(3);
	CLAIM(page_of(block)->lo == 0 && page_of(block)->hi == 0);
	CLAIM(page_of(range - 1) == NULL);
	CLAIM(page_of(range) == NULL); // the array of struct page
	CLAIM(page_of(range + 32 * MIB) == NULL);
	CLAIM(page_of(&frame) == NULL);
	CLAIM(page_of(NULL) == NULL);
	CLAIM(page_refs(&frame) == 0);
	memset(frame, 1, PAGE_SIZE);
	page_put(frame);
	frame = page_alloc_zeroed();
	for (size_t i = 0; i < PAGE_SIZE; i++)
		CLAIM(frame[i] == 0);
}

static void caught(void)
{
	char *frame, *block, local;

	start(0, 32 * MIB);
	frame = page_alloc(0);
	block = page_alloc(2);
	PANICS("inside a block", page_put(block + PAGE_SIZE));
	PANICS("no page frame", page_put(&local));
	PANICS("no page frame", page_put(NULL));
	PANICS("no page frame", page_get(range + 31 * MIB));
	page_put(frame);
	PANICS("freed twice", page_put(frame));
	PANICS("freed twice", page_get(frame));
	CLAIM(page_refs(frame) == 0);
	page_put(block);
	PANICS("a block of pages", page_put(block + PAGE_SIZE));
	CLAIM(page_total() == page_free_count());
}

static void failing(void)
{
	start(0, 32 * MIB);
	for (uint64_t n = 1; n < 7; n++) {
		int failed = 0;

		page_fail_after = n;
		for (int i = 0; i < 420; i++) {
			void *frame = page_alloc(i % 3);

			if (frame)
				page_put(frame);
			else
				failed++;
		}
		CLAIM(failed == 420 / (int)n);
	}
	page_fail_after = 0;
	CLAIM(page_total() == page_free_count());
}

static void poisoned(void)
{
	uint64_t *block;

	start(0, 32 * MIB);
	block = page_alloc(1);
	block[700] = 5;
	page_put(block);
	CLAIM(block[700] == 0xa5a5a5a5a5a5a5a5);
	CLAIM(page_alloc(1) == block); // untouched: all is well
	page_put(block);
	block[700] = 5;
	PANICS("free memory was written", page_alloc(1));
}

void test_page(void)
{
	touches_nothing();
	all_of_it(0, 32 * MIB);
	all_of_it(3 * PAGE_SIZE + 17, 13 * MIB);
	all_of_it(MIB, 4 * PAGE_SIZE);
	all_of_it(0, PAGE_SIZE);
	all_of_it(0, 0);
	random_run();
	references();
	caught();
	failing();
	if (DEBUG)
		poisoned();
}
