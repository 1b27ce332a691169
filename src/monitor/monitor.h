// The bring-up monitor: what one wants on the first day with a board, over a
// bare UART.  It stands on floors 1 to 4 alone, and the PMP is not locked.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a test found: one line, `PASS name`, `FAIL name: why` or `SKIP name:
// why`, that programs read as well as people.
enum verdict { FAIL, SKIP };
void pass(const char *name);
void report(enum verdict verdict, const char *name, const char *why, ...)
	__attribute__((format(printf, 3, 4)));

// How many FAILs there were since the last call.
unsigned report_failures(void);

// ---- access.c: nothing that is asked for kills the monitor ----

// One access of 1, 2, 4 or 8 bytes.  0, or 1 + the cause of its trap.
uintptr_t peek(uintptr_t at, unsigned size, uint64_t *value);
uintptr_t poke(uintptr_t at, unsigned size, uint64_t value);

// Whether [at, at + size) would overwrite the monitor itself.
bool is_ours(uintptr_t at, size_t size);

// Reads or writes the CSR of that number.  0, or 1 + the cause of its trap.
uintptr_t csr_peek(unsigned csr, uintptr_t *value);
uintptr_t csr_poke(unsigned csr, uintptr_t value);

// Calls what lies there with a0 = the hart and a1 = the device tree.  0 and
// what it returns, or 1 + the cause of its trap.
uintptr_t go(uintptr_t at, uintptr_t tree, uintptr_t *result);

// ---- hart.c ----

void hart_report(void);
unsigned hart_pmp_entries(void);

// ---- check.c ----

void check_memory(uintptr_t at, size_t size);    // destroys what is there
void check_second(void);         // two lines, one second of mtime apart
void check_timer(void);
void check_doorbell(void);
void check_faults(void);
void check_hart(void);
void check_echo(unsigned seconds);       // sends back what comes

// ---- line.c ----

// A line of input, echoed and edited; without its end.  false: ^D was typed
// instead.
bool line_read(char *line, size_t size);

// A byte, or -1 after so many ticks of mtime.
int byte_wait(uint64_t ticks);

// A hexadecimal number, which *text moves behind; false: none there.
bool number_read(const char **text, uint64_t *value);

void hexdump(uintptr_t at, size_t size);

// ---- xmodem.c ----

// Receives to memory; its size in bytes, or -1: nobody sends, it was
// cancelled, or there is no such memory.
long xmodem_receive(uintptr_t to);
