// Spike as QEMU has it (-M spike -bios none): no UART and no PLIC, but HTIF.
#include "machine/board.h"
#include "machine/htif.h"

struct board board = {
	.name = "spike",
	.ram = 0x80000000,
	.ram_size = 128 << 20,
	.harts = 1,
	.timebase = 10000000,
	.clint = 0x02000000,
	.init = htif_init,
	.putc = htif_putc,
	.getc = htif_getc,
	.ready = htif_ready,
	.poweroff = htif_poweroff,
};
