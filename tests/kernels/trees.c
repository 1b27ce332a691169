// Reads the device trees that the loader has put at FIRST, one every STEP, and
// says what it made of each; the last one ends with memory itself.
#include "common.h"

#define FIRST 0x84000000ul
#define STEP  0x4000ul

static void read_tree(unsigned number, uintptr_t at)
{
	struct board saved = board;

	board_init(at);
	kprintf("tree %u: %lu MiB, %u harts, %lu Hz, \"%s\"\n", number,
	        board.ram_size >> 20, board.harts, board.timebase,
	        board.bootargs);
	board = saved;
}

void main(unsigned long hartid, uintptr_t fdt)
{
	uintptr_t top, last;
	size_t length;
	const char *trees;
	unsigned count = 0;
	(void)hartid;

	board_init(fdt);
	trap_init();
	trees = board_arg("trees", &length);
	for (size_t i = 0; trees && i < length; i++)
		count = count * 10 + trees[i] - '0';
	for (unsigned i = 0; i < count; i++)
		read_tree(i, FIRST + i * STEP);

	// Only its head fits; what lies beyond is no memory.
	top = board.ram + board.ram_size;
	for (last = top - 8; last >= top - 64; last -= 8) {
		memcpy((void *)last, (void *)FIRST, top - last);
		read_tree(count++, last);
	}
	read_tree(count++, top);
	read_tree(count++, FIRST + 4);
	read_tree(count++, 8);
	kprintf("all read\n");
	board.poweroff(0);
}
