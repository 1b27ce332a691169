#include "machine/sifive_uart.h"
#include "machine/board.h"
#include "machine/mmio.h"

#define TXDATA 0x00              // the byte to send
#define     TXDATA_FULL   0x80000000
#define RXDATA 0x04              // the byte received, taken by reading
#define     RXDATA_EMPTY  0x80000000
#define TXCTRL 0x08
#define     TXCTRL_ENABLE 0x00001
#define     TXCTRL_EMPTY  0x10000    // interrupt when fewer than 1 wait
#define RXCTRL 0x0c
#define     RXCTRL_ENABLE 0x00001    // interrupt when more than 0 wait
#define IE     0x10
#define     IE_TRANSMIT   0x1
#define     IE_RECEIVE    0x2

void sifive_uart_init(void)
{
	write32(board.uart + IE, 0);
	write32(board.uart + TXCTRL, TXCTRL_ENABLE | TXCTRL_EMPTY);
	write32(board.uart + RXCTRL, RXCTRL_ENABLE);
}

bool sifive_uart_ready(void)
{
	return !(read32(board.uart + TXDATA) & TXDATA_FULL);
}

void sifive_uart_putc(char c)
{
	while (!sifive_uart_ready())
		;
	write32(board.uart + TXDATA, (uint8_t)c);
}

int sifive_uart_getc(void)
{
	uint32_t data = read32(board.uart + RXDATA);

	return data & RXDATA_EMPTY ? -1 : (int)(data & 0xff);
}

void sifive_uart_interrupts(bool receive, bool transmit)
{
	write32(board.uart + IE, (receive ? IE_RECEIVE : 0) |
	                         (transmit ? IE_TRANSMIT : 0));
}
