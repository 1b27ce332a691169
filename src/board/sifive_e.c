// SiFive's FE310 as QEMU has it (-M sifive_e): 16 KiB of memory, and the kernel
// runs where it lies in flash.
//
// Built with: src/small
#include "machine/board.h"
#include "machine/semihost.h"
#include "machine/sifive_uart.h"

struct board board = {
	.name = "sifive_e",
	.ram = 0x80000000,
	.ram_size = 16 << 10,
	.harts = 1,
	.timebase = 10000000,    // QEMU's; the chip's is 32768
	.uart = 0x10013000,
	.uart_irq = 3,
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
