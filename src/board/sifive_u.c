// SiFive's FU540 as QEMU has it (-M sifive_u -bios none).  Hart 0 is an E51
// without an MMU; the kernel runs on the U54s, from hart 1 on.
#include "machine/board.h"
#include "machine/semihost.h"
#include "machine/sifive_uart.h"

struct board board = {
	.name = "sifive_u",
	.ram = 0x80000000,
	.ram_size = 128 << 20,
	.harts = 1,
	.bare_harts = 1 << 0,
	.timebase = 1000000,
	.uart = 0x10010000,
	.uart_irq = 4,
	.clint = 0x02000000,
	.plic = 0x0c000000,
	.plic_single = 1,
	.init = sifive_uart_init,
	.putc = sifive_uart_putc,
	.getc = sifive_uart_getc,
	.ready = sifive_uart_ready,
	.interrupts = sifive_uart_interrupts,
	.poweroff = semihost_poweroff,
};
