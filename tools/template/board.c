// @NAME@: say here what it is, and which manual the numbers are from.
//
// How QEMU becomes it, for `make run`; delete these lines if it cannot.
// {kernel} is the ELF; `-dtb {tree}` where QEMU brings no device tree.
// QEMU: -M virt -m 128M -bios none -kernel {kernel}
// Harts beside those that run Barefoot: 0
//
// What takes the place of some headers; src/thead where mtime is not in memory
// but only the register `time`, and mtimecmp takes halves of 32 bits (T-Head's
// C906 and C910).  Such a board has a build of its own, in build/@NAME@.
// Built with: nothing else
#include "machine/board.h"
#include "machine/semihost.h"
#include "machine/uart.h"

struct board board = {
	// What the first line on the console and /proc/cpuinfo say.
	.name = "@NAME@",

	// Memory: the row "DRAM" of the manual's memory map, in bytes.  A
	// device tree corrects the size.
	.ram = 0,
	.ram_size = 0,

	// How many harts have an MMU, and which have none: bit n is hart n.
	// Those stay parked.
	.harts = 1,
	.bare_harts = 0,

	// mtime ticks in a second: not the clock of the hart, and often that
	// of a crystal.  `make bringup` compares it with your watch.
	.timebase = 0,

	// The console's UART: its first register; n, if registers are 2^n
	// bytes apart (the manual's offsets are 0, 4, 8: n = 2); and its
	// number at the interrupt controller.
	.uart = 0,
	.uart_shift = 0,
	.uart_irq = 0,

	// The CLINT, with msip at +0 and mtime at +0xbff8.
	.clint = 0,

	// The PLIC; 0: there is none, and the console is looked at a thousand
	// times a second (then take .interrupts out below).  So many harts, the
	// first ones, have a context for M but none for S.
	.plic = 0,
	.plic_single = 0,

	// Where a loader leaves a device tree if a1 does not say so; 0: nowhere.
	.tree = 0,

	// The UART's driver: uart_ is a 16550, sifive_uart_ is SiFive's.
	.init = uart_init,
	.putc = uart_putc,
	.getc = uart_getc,
	.ready = uart_ready,
	.interrupts = uart_interrupts,
	.broken = uart_broken,

	// How power goes off.  This one ends QEMU, or a debugger's session;
	// where nobody listens it says so and sleeps.
	.poweroff = semihost_poweroff,
};
