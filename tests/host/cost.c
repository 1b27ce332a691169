// What the hottest functions cost, in instructions, with the kernel's own
// flags: a bare program whose counts repeat exactly (QEMU's -icount).  A row is
// a claim; tests/test_host.py wants every line to say "ok".
#include "files/cpio.h"
#include "lib/heapq.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/fdt.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/page.h"

__asm__(".section .start, \"ax\"\n"
        ".global _start\n"
        "_start: la sp, stack_top\n"
        "	call main\n"
        "1:	j 1b\n"
        ".bss\n"
        ".balign 16\n"
        "	.skip 16384\n"
        "stack_top:\n"
        ".text\n");

#define UART     ((volatile char *)0x10000000)
#define FINISHER ((volatile uint32_t *)0x100000)
#define POOL     0x80400000ul

static void put(char c)
{
	*UART = c;
}

static void stop(int status)
{
	*FINISHER = status ? (uint32_t)status << 16 | 0x3333 : 0x5555;
	for (;;)
		;
}

void panic(const char *fmt, ...)
{
	kprintf("panic: %s\n", fmt);
	stop(125);
	__builtin_unreachable();
}

static unsigned long count(void)
{
	unsigned long n;

	__asm__ volatile("csrr %0, minstret" : "=r"(n)::"memory");
	return n;
}

static int failed;

static void claim(const char *what, unsigned long cost, unsigned long limit)
{
	const char *verdict = cost <= limit ? "ok" : "TOO MUCH";

	kprintf("%-34s %6lu <= %6lu %s\n", what, cost, limit, verdict);
	failed |= cost > limit;
}

// The statement runs twice: the first time may have something to set up.
#define COST(what, limit, statement)                         \
	do {                                                 \
		unsigned long start, empty;                  \
		empty = count();                             \
		empty = count() - empty;                     \
		statement;                                   \
		start = count();                             \
		statement;                                   \
		claim(what, count() - start - empty, limit); \
	} while (0)

static char a[8192] __attribute__((aligned(4096)));
static char b[8192] __attribute__((aligned(4096)));

static void strings(void)
{
	char *volatile to = a, *volatile from = b; // hide the sizes from gcc
	volatile size_t n = 4096;

	COST("zero a page", 700, page_zero(to));
	COST("copy a page", 1200, page_copy(to, from));
	COST("memset 4096", 700, memset(to, 1, n));
	COST("memcpy 4096, aligned", 1200, memcpy(to, from, n));
	COST("memcpy 4096, 3 bytes off", 4800, memcpy(to, from + 3, n));
	n = 8;
	COST("memcpy 8, aligned", 40, memcpy(to, from, n));
	n = 1;
	COST("memcpy 1", 34, memcpy(to, from, n));
	n = 15;
	COST("memcpy 15, odd address", 85, memcpy(to + 1, from, n));
	n = 16;
	COST("memset 16", 40, memset(to, 0, n));
}

static void pages(void)
{
	void *p, *q;

	page_init(POOL, POOL + (32ul << 20));
	p = page_alloc(0);
	q = page_alloc(0);
	page_put(p);
	page_put(q);
	COST("page_alloc(0), hot", 45, p = page_alloc(0));
	COST("page_get", 30, page_get(p));
	page_put(p);
	page_put(p);
	COST("page_put and page_alloc, hot", 90,
	     (page_put(p), p = page_alloc(0)));
	COST("page_alloc(0), from the buddies", 300, p = page_alloc(0));
	unsigned long before = count();
	page_init(POOL, POOL + (8ul << 30));
	claim("page_init, 8 GiB", count() - before, 400);
}

static void heap(void)
{
	void *p;

	page_init(POOL, POOL + (32ul << 20));
	COST("kmalloc 1300", 65, p = kmalloc(1300));
	COST("kmalloc 16", 65, p = kmalloc(16));
	COST("kfree and kmalloc 16", 130, (kfree(p), p = kmalloc(16)));
	COST("one object to and fro", 145, (p = kmalloc(1300), kfree(p)));
}

static void first_out_and_in(struct heapq *heap)
{
	struct heapq_node *first = heapq_min(heap);

	heapq_remove(heap, first);
	heapq_insert(heap, first);
}

static void queues(void)
{
	static struct heapq heap;
	static struct heapq_node nodes[1024];

	for (unsigned i = 0; i < 1023; i++) {
		nodes[i].key = i * 7919 % 1024;
		heapq_insert(&heap, &nodes[i]);
	}
	nodes[1023].key = 0;
	COST("heapq, 1024 nodes: in and out", 1200,
	     (heapq_insert(&heap, &nodes[1023]),
	      heapq_remove(&heap, &nodes[1023])));
	COST("heapq, 1024 nodes: first out, in", 1050, first_out_and_in(&heap));
}

static void readers(const void *fdt)
{
	struct fdt_machine machine;

	COST("device tree", 60000, fdt_read_machine(fdt, 1 << 20, &machine));
	if (machine.harts != 1 || machine.ram_start != 0x80000000ul)
		panic("not the tree of a virt machine");

	static const char entry[] =
		"070701000000010000a1ed00000000000000000000000100000000"
		"0000000900000000000000000000000000000000"
		"0000000900000000bin/hello\0\0\0data data";
	struct cpio archive = { entry, sizeof(entry) };
	struct cpio_entry e;
	size_t at;

	COST("cpio entry", 1200, (at = 0, cpio_next(&archive, &at, &e)));
	COST("format a line", 800,
	     format(a, 80, "%s: %d of %lx\n", "some", 12, 34ul));
}

void main(unsigned long hart, const void *fdt)
{
	(void)hart;
	print_putc = put;
	strings();
	pages();
	heap();
	queues();
	readers(fdt);
	stop(failed);
}
