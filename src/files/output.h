// What the console prints: directly while the UART takes it, else through a
// buffer that is emptied by interrupts.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/wait.h"
#include <stdint.h>

#define OUTPUT_ROOM 1024 // bytes, a power of two

// Bytes in the buffer.
unsigned output_waiting(void);

// Woken when half of the buffer is free.
extern struct waker output_free;

// Prints a byte.  If the buffer is full, it waits for the UART: who prints much
// looks at the room first, and waits on output_free.
void output_byte(uint8_t c);

// Sends what the UART takes now.
void output_drain(void);
