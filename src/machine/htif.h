// HTIF, the Berkeley host interface: two words of memory that a simulator
// watches.  A request in tohost is (device << 56) | (command << 48) | data;
// the answer comes to fromhost.  (Spike and QEMU find both by their symbols,
// and only if each has a size of 8.)
#pragma once
#include <stdbool.h>

void htif_init(void);            // asks for what will be typed
void htif_putc(char c);
int htif_getc(void);             // a byte, or -1: none there
bool htif_ready(void);           // htif_putc() would not wait: always
void htif_poweroff(int status);  // ends the simulator; does not return
