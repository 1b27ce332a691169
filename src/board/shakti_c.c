// Shakti's C class as QEMU has it (-M shakti_c).  No device tree comes with
// it, so tools/run leaves one in memory.
#include "machine/board.h"
#include "machine/semihost.h"
#include "machine/shakti_uart.h"

static void nothing(void)
{
}

struct board board = {
	.name = "shakti_c",
	.ram = 0x80000000,
	.ram_size = 128 << 20,
	.harts = 1,
	.timebase = 10000000,
	.uart = 0x00011300,
	.clint = 0x02000000,
	.tree = 0x87f00000,
	.init = nothing,
	.putc = shakti_uart_putc,
	.getc = shakti_uart_getc,
	.ready = shakti_uart_ready,
	.poweroff = semihost_poweroff,
};
