// The PLIC: gathers the interrupts of all devices into one per hart, and says
// which device it was.  (RISC-V Platform-Level Interrupt Controller 1.0.0.)
#pragma once

#define PLIC_SOURCES 128 // numbers lie below; 0 means none

typedef void (*plic_handler)(void *arg);

// Lets the interrupts of devices reach this hart's machine mode.  Nothing on a
// board without a PLIC.
void plic_init(void);

// Who handles the interrupt, from now on enabled for the hart that asks.
void plic_register(unsigned irq, plic_handler handler, void *arg);
