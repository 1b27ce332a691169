#include "machine/board.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/fdt.h"
#include "machine/panic.h"

// The largest tree that we are willing to look at; QEMU's are 1 MiB of room.
#define FDT_LIMIT (2u << 20)

// A hart that has no MMU next to one that does stays parked.
static void board_read_harts(const struct fdt_machine *m)
{
	uint32_t bare = 0;
	unsigned count = 0;

	for (unsigned i = 0; i < m->harts; i++)
		if (!m->hart[i].mmu)
			bare |= 1u << m->hart[i].id % 32;
		else
			count++;
	board.bare_harts = count ? bare : 0;
	count = 0;
	for (unsigned i = 0; i < m->harts; i++) {
		uint32_t id = m->hart[i].id;

		if (m->hart[i].usable && id < BOARD_HARTS &&
		    !(board.bare_harts & 1u << id))
			board.hart_id[count++] = id;
	}
	if (count)
		board.harts = count;
}

static void board_read_tree(const struct fdt_machine *m)
{
	if (m->ram_size) {
		board.ram = m->ram_start;
		board.ram_size = m->ram_size;
	}
	if (m->timebase)
		board.timebase = m->timebase;
	if (m->harts)
		board_read_harts(m);
	if (m->bootargs) {
		board.bootargs = m->bootargs;
		board.bootargs_size = m->bootargs_size;
	}
	if (m->seed)
		memcpy(board.seed, m->seed, m->seed_size < sizeof board.seed
		                            ? m->seed_size : sizeof board.seed);
}

// An initrd must lie in memory and above the kernel; else it is ignored with
// a line that says so.
static void board_read_initrd(const struct fdt_machine *m)
{
	extern char _end[];
	uintptr_t top = board.ram + board.ram_size;

	if (m->initrd_end == 0)
		return;
	if (m->initrd_start < (uintptr_t)_end || m->initrd_end > top ||
	    m->initrd_start >= m->initrd_end) {
		kprintf("board: initrd %lx..%lx lies outside memory, ignored\n",
		        (unsigned long)m->initrd_start,
		        (unsigned long)m->initrd_end);
		return;
	}
	board.initrd = m->initrd_start;
	board.initrd_size = m->initrd_end - m->initrd_start;
}

// Whether there is memory: only the tree can tell how much there is, and it
// lies at the end.  The load may trap, and no vector is set up on this floor,
// so it brings its own.
static bool board_reads(uintptr_t at)
{
	uint64_t there = 0;

	asm volatile("	la	t0, 1f\n"
	             "	csrrw	t0, mtvec, t0\n"
	             "	lb	t1, 0(%1)\n"
	             "	li	%0, 1\n"
	             "	.balign	4\n"
	             "1:	csrw	mtvec, t0\n"
	             : "+&r"(there)
	             : "r"(at)
	             : "t0", "t1", "memory");
	return there;
}

// The bytes from fdt on that may be looked at.
static size_t board_tree_room(uintptr_t fdt)
{
	size_t size = 40;        // the header

	if (!board_reads(fdt) || !board_reads(fdt + size - 1))
		return 0;
	size = fdt_size((const void *)fdt);
	if (size == 0 || size > FDT_LIMIT || !board_reads(fdt + size - 1))
		return 0;
	return size;
}

// Whether memory happens to hold a tree.
static bool fdt_there(uintptr_t at)
{
	return board_reads(at) &&
	       fdt_check((const void *)at, board_tree_room(at)) == 0;
}

void board_init(uintptr_t fdt)
{
	struct fdt_machine machine;
	int err;

	board.init();
	print_putc = board.putc;
	board.bootargs = "";
	if (fdt == 0 && board.tree && fdt_there(board.tree))
		fdt = board.tree;
	if (fdt == 0)
		return;
	if (fdt % 8 || fdt < board.ram) {
		kprintf("board: no device tree at %lx, ignored\n",
		        (unsigned long)fdt);
		return;
	}
	err = fdt_read_machine((const void *)fdt, board_tree_room(fdt),
	                       &machine);
	if (err) {
		kprintf("board: corrupt device tree (error %d), ignored\n",
		        -err);
		return;
	}
	board_read_tree(&machine);
	board_read_initrd(&machine);
}

unsigned board_hart(unsigned n)
{
	unsigned id = 0;

	for (;; id++)
		if (!(board.bare_harts >> id & 1) && n-- == 0)
			return id;
}

// To a whole page frame.
static uintptr_t board_round_up(uintptr_t at)
{
	const uintptr_t frame = (uintptr_t)1 << PAGE_SHIFT;

	return (at + frame - 1) & -frame;
}

uintptr_t board_keep(uintptr_t start)
{
	size_t size = board.bootargs_size;
	char *args;

	if (board.initrd) {
		memmove((void *)start, (void *)board.initrd,
		        board.initrd_size);
		board.initrd = start;
		start += board.initrd_size;
		start = board_round_up(start);
	}
	args = (char *)start;
	memmove(args, board.bootargs, size);
	args[size] = '\0';
	board.bootargs = args;
	return board_round_up(start + size + 1);
}

// Up to the next space; "cmd=" takes all the rest.
static size_t argument_length(const char *p)
{
	const char *end = strchr(p, ' ');

	if (strncmp(p, "cmd=", 4) == 0 || end == NULL)
		return strlen(p);
	return end - p;
}

const char *board_arg(const char *name, size_t *length)
{
	const char *p = board.bootargs;
	size_t n = strlen(name);

	while (*p) {
		size_t word = argument_length(p);

		if (word >= n && memcmp(p, name, n) == 0 &&
		    (word == n || p[n] == '=')) {
			*length = word == n ? 0 : word - n - 1;
			return word == n ? p + n : p + n + 1;
		}
		p += word;
		while (*p == ' ')
			p++;
	}
	return NULL;
}

bool board_arg_is(const char *name, const char *value)
{
	size_t length;
	const char *v = board_arg(name, &length);

	return v && length == strlen(value) && memcmp(v, value, length) == 0;
}
