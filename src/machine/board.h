// The board: the addresses and quirks of one machine, filled in by board/*.c
// and corrected by the device tree, where the machine passes one in a1.
#pragma once
#include "machine/sizes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board {
	const char *name;
	uintptr_t ram;           // first byte of memory
	size_t ram_size;         // bytes
	unsigned harts;          // how many there are that can run Barefoot
	uint8_t hart_id[BOARD_HARTS];    // their numbers, below BOARD_HARTS
	uint32_t bare_harts;     // bit n: hart n has no MMU and stays parked
	unsigned long timebase;  // mtime ticks per second

	uintptr_t uart;          // the console's registers
	unsigned uart_shift;     // register n lies at uart + (n << shift)
	unsigned uart_irq;       // its number at the interrupt controller
	uintptr_t clint;
	uintptr_t plic;          // 0: none
	unsigned plic_single;    // so many first harts have no S context there
	uintptr_t rtc;           // goldfish real-time clock, 0: none
	uintptr_t virtio;        // the first slot of virtio over MMIO
	size_t virtio_step;      // from one slot to the next
	unsigned virtio_slots;   // how many there are
	unsigned virtio_irq;     // of the first; the others follow

	void (*init)(void);              // makes putc and getc work
	void (*putc)(char c);            // polled; waits for room
	int (*getc)(void);               // a byte, or -1: none there
	bool (*ready)(void);             // putc would not wait
	// Which events interrupt: a byte arrived; there is room to send.
	// NULL: none can, the console has to look by itself.
	void (*interrupts)(bool receive, bool transmit);
	bool (*broken)(void);            // a break has come; NULL: unknown
	void (*poweroff)(int status);    // does not return

	uintptr_t tree;          // where to look for a device tree when a1
	                         // names none; 0: nowhere
	uintptr_t initrd;        // given by the loader; 0: none
	size_t initrd_size;
	const char *bootargs;    // never NULL
	size_t bootargs_size;    // without the NUL
	uint8_t seed[32];        // random bytes from outside; zeroes: none
};

extern struct board board;       // the one that this kernel is linked for

// Starts the UART, then reads the device tree at fdt (0: none in a1).  A tree
// that is corrupt is reported on the console and the board's defaults stay.
void board_init(uintptr_t fdt);

// The id of the n-th hart that can run Barefoot, n < board.harts.
unsigned board_hart(unsigned n);

// Moves what the loader left in memory (initrd, boot arguments) down to
// `start` and answers the first address after it: all above is free.
uintptr_t board_keep(uintptr_t start);

// The value of a boot argument "name=value" (up to the next space), or of a
// bare word "name" (then its length is 0); NULL if it is not there.  "cmd="
// takes everything to the end of the line.
const char *board_arg(const char *name, size_t *length);

// Whether the boot arguments hold the word `name`, or name=value.
bool board_arg_is(const char *name, const char *value);
