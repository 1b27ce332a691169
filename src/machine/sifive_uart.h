// SiFive's UART, polled; interrupts are enabled by who registers for them.
// Eight bytes of FIFO in each direction.  (FU540-C000 manual, chapter 13.)
#pragma once
#include <stdbool.h>

// Both directions on.  The divisor is left as it was: a boot ROM has set it.
void sifive_uart_init(void);

void sifive_uart_putc(char c);   // waits until there is room
int sifive_uart_getc(void);      // a byte, or -1: none there
bool sifive_uart_ready(void);    // sifive_uart_putc() would not wait

// Which events interrupt: a byte arrived; all was sent.
void sifive_uart_interrupts(bool receive, bool transmit);
