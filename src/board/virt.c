// QEMU's virt machine (-M virt -bios none).
#include "machine/board.h"
#include "machine/mmio.h"
#include "machine/uart.h"

#define FINISHER 0x100000        // "sifive,test": stops QEMU with a status
#define     FINISHER_PASS  0x5555
#define     FINISHER_FAIL  0x3333

static void virt_poweroff(int status)
{
	write32(FINISHER, status ? (uint32_t)status << 16 | FINISHER_FAIL
	                         : FINISHER_PASS);
	for (;;)
		;
}

struct board board = {
	.name = "virt",
	.ram = 0x80000000,
	.ram_size = 128 << 20,
	.harts = 1,
	.timebase = 10000000,
	.uart = 0x10000000,
	.uart_irq = 10,
	.clint = 0x02000000,
	.plic = 0x0c000000,
	.rtc = 0x00101000,
	.virtio = 0x10001000,
	.virtio_step = 0x1000,
	.virtio_slots = 8,
	.virtio_irq = 1,
	.init = uart_init,
	.putc = uart_putc,
	.getc = uart_getc,
	.ready = uart_ready,
	.interrupts = uart_interrupts,
	.broken = uart_broken,
	.poweroff = virt_poweroff,
};
