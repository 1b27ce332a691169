// Chapter 16, another board: what its file says of the board, and whether that
// is true.  The same kernel links for every board; see the page for how to add
// one.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/trap.h"
#include "monitor/monitor.h"

#define CHECKED (1ul << 20)      // bytes of memory to test

static void show_board(void)
{
	kprintf("board %s: RAM at %lx, mtime at %lu Hz\n", board.name,
	        (unsigned long)board.ram, board.timebase);
	kprintf("console: registers %u byte%s apart, %s\n",
	        1 << board.uart_shift, board.uart_shift ? "s" : "",
	        board.interrupts ? "interrupts" : "polled");
	kprintf("interrupts of devices: %s\n",
	        board.plic ? "by a PLIC" : "none");
	for (unsigned n = 0; n < board.harts; n++)
		kprintf("hart %u can run Barefoot\n", board_hart(n));
	for (unsigned id = 0; id < 32; id++)
		if (board.bare_harts >> id & 1)
			kprintf("hart %u has no MMU\n", id);
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	unsigned failed;

	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 16: another board\n");
	show_board();
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime
	check_hart();
	check_faults();
	check_timer();
	check_doorbell();
	check_memory(((uintptr_t)_end + 63) & -64ul, CHECKED);
	failed = report_failures();
	kprintf("%u of it all failed\n", failed);
	board.poweroff(failed != 0);
}
