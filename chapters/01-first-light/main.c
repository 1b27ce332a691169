// Chapter 1, first light: out of reset with a stack and nothing else.  The
// kernel finds its voice, looks around, and says where it was when it fell.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/hart.h"
#include "machine/panic.h"

extern char _text_start[], _text_end[], _rodata_end[];
extern char _data_start[], _data_end[], _bss_start[], _bss_end[], _end[];

static void banner(void)
{
	bool little = board.ram_size < 1 << 20;

	kprintf("Barefoot, chapter 1: first light\n"
	        "board %s: %u hart%s, %lu %s of RAM at %lx, mtime %lu Hz\n"
	        "boot arguments: \"%s\"\n",
	        board.name, board.harts, board.harts == 1 ? "" : "s",
	        board.ram_size >> (little ? 10 : 20), little ? "KiB" : "MiB",
	        board.ram, board.timebase,
	        board.bootargs);
}

static void show(const char *what, const void *start, const void *end)
{
	kprintf("  %-10s %08lx .. %08lx\n", what, (uintptr_t)start,
	        (uintptr_t)end);
}

static void memory_map(void)
{
	kprintf("memory map:\n");
	show("text", _text_start, _text_end);
	show("read-only", _text_end, _rodata_end);
	show("data", _data_start, _data_end);
	show("bss", _bss_start, _bss_end);
	show("stacks", hart_rooms, hart_rooms + BOARD_HARTS);
	show("free", _end, (char *)board.ram + board.ram_size);
}

// Called for certain, so that each has its line in the backtrace.
static __attribute__((noipa)) void look_for_floor_2(int floors)
{
	if (floors < 2)
		panic("the stairs end after floor %d", floors);
	kprintf("floor 2\n");
}

static __attribute__((noipa)) void climb(void)
{
	look_for_floor_2(1);
	kprintf("never reached\n");
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	board_init(fdt);         // the UART works, the device tree is read
	banner();
	kprintf("hart %lu is up, the device tree is %s\n", hartid,
	        fdt ? "there" : "missing");
	memory_map();
	panic_status = 0;        // this one is part of the show
	climb();
	kprintf("never reached\n");
}
