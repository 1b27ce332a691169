// Shakti's UART, polled: its interrupt leads nowhere on the C class in QEMU.
// (Shakti devices manual, chapter "UART".)
#pragma once
#include <stdbool.h>

void shakti_uart_putc(char c);   // waits until there is room
int shakti_uart_getc(void);      // a byte, or -1: none there
bool shakti_uart_ready(void);    // shakti_uart_putc() would not wait
