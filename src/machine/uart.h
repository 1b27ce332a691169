// The 16550 UART of virt and many boards, polled; interrupts are enabled by
// who registers for them.  (National Semiconductor PC16550D, section 8.)
#pragma once
#include <stdbool.h>

// 8 data bits, no parity, FIFOs on.  The speed is left as it was: QEMU has
// none, and on a board the boot ROM has set it.
void uart_init(void);

void uart_putc(char c);          // waits until there is room
int uart_getc(void);             // a byte, or -1: none there
bool uart_ready(void);           // uart_putc() would not wait

// Which events interrupt: a byte arrived; there is room to send.
void uart_interrupts(bool receive, bool transmit);

// Whether a break has come since the last call.  It counts as a byte, 0.
bool uart_broken(void);
