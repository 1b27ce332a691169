// Microchip's PolarFire SoC Icicle Kit as QEMU has it (-M
// microchip-icicle-kit).  Hart 0 is an E51 without an MMU.
#include "machine/board.h"
#include "machine/semihost.h"
#include "machine/uart.h"

struct board board = {
	.name = "icicle",
	.ram = 0x80000000,
	.ram_size = 1 << 30,
	.harts = 1,
	.bare_harts = 1 << 0,
	.timebase = 1000000,
	.uart = 0x20000000,
	.uart_shift = 2,
	.uart_irq = 90,
	.clint = 0x02000000,
	.plic = 0x0c000000,
	.plic_single = 1,
	.init = uart_init,
	.putc = uart_putc,
	.getc = uart_getc,
	.ready = uart_ready,
	.interrupts = uart_interrupts,
	.broken = uart_broken,
	.poweroff = semihost_poweroff,
};
