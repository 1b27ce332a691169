#include "machine/shakti_uart.h"
#include "machine/board.h"
#include "machine/mmio.h"

#define TX     0x04              // the byte to send
#define RX     0x08              // the byte received, taken by reading
#define STATUS 0x0c
#define     STATUS_TX_FULL  0x2
#define     STATUS_RX_HERE  0x4

bool shakti_uart_ready(void)
{
	return !(read32(board.uart + STATUS) & STATUS_TX_FULL);
}

void shakti_uart_putc(char c)
{
	while (!shakti_uart_ready())
		;
	write32(board.uart + TX, (uint8_t)c);
}

int shakti_uart_getc(void)
{
	if (!(read32(board.uart + STATUS) & STATUS_RX_HERE))
		return -1;
	return read32(board.uart + RX) & 0xff;
}
