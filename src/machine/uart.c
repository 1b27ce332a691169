#include "machine/uart.h"
#include "machine/board.h"
#include "machine/mmio.h"

#define RBR 0                    // read: the byte received
#define THR 0                    // write: the byte to send
#define IER 1                    // which events interrupt
#define     IER_RECEIVE   0x01
#define     IER_TRANSMIT  0x02
#define FCR 2                    // FIFO control
#define     FCR_ENABLE    0x01
#define     FCR_CLEAR     0x06
#define LCR 3                    // line control
#define     LCR_8N1       0x03
#define LSR 5                    // line status
#define     LSR_RECEIVED  0x01
#define     LSR_BREAK     0x10   // forgotten once it is read
#define     LSR_ROOM      0x20

static uintptr_t uart_register(unsigned number)
{
	return board.uart + (number << board.uart_shift);
}

void uart_init(void)
{
	write8(uart_register(IER), 0);
	write8(uart_register(LCR), LCR_8N1);
	write8(uart_register(FCR), FCR_ENABLE | FCR_CLEAR);
}

static bool broken;

// Reading forgets a break, so it is noted, whoever reads.
static uint8_t uart_status(void)
{
	uint8_t status = read8(uart_register(LSR));

	if (status & LSR_BREAK)
		broken = true;
	return status;
}

bool uart_ready(void)
{
	return uart_status() & LSR_ROOM;
}

void uart_putc(char c)
{
	while (!uart_ready())
		;
	write8(uart_register(THR), c);
}

int uart_getc(void)
{
	if (!(uart_status() & LSR_RECEIVED))
		return -1;
	return read8(uart_register(RBR));
}

void uart_interrupts(bool receive, bool transmit)
{
	write8(uart_register(IER), (receive ? IER_RECEIVE : 0) |
	                           (transmit ? IER_TRANSMIT : 0));
}

bool uart_broken(void)
{
	bool was;

	uart_status();
	was = broken;
	broken = false;
	return was;
}
