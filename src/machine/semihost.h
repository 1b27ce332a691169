// Semihosting: the debugger that holds the hart, or QEMU, does something for
// it.  (Arm's "Semihosting for AArch32 and AArch64" 2.0, and RISC-V's
// Semihosting 0.2 for the three instructions that ask for it.)
#pragma once

// Power-off for a board that has no other: ends QEMU with the status.  Where
// nobody listens, the last line says so and the hart sleeps for good.
void semihost_poweroff(int status) __attribute__((noreturn));
