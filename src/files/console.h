// The console: the board's UART as a terminal, /dev/console and /dev/tty.
// Input comes by interrupts and waits in the terminal's type-ahead; output goes
// out directly while the UART takes it, else from a buffer by interrupts.
//
// With the boot argument `paced` it reports in-band how much input it can take,
// for a wrapper that must not lose any: ESC ] 7001 ; N ; W BEL.  N counts the
// bytes that need no more room; W is 1 while a reader waits.  It reports when a
// reader starts to wait for the first time, or since ^D was typed, and whenever
// one waits and N has grown by much.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/process.h"
#include <stddef.h>
#include <stdint.h>

// ^C, ^\ or ^Z was typed, or the window has changed: to the foreground group
// (0: none so far).  Called within an interrupt; a higher floor sets it.
extern void (*console_signal)(int group, int signal);

// May the process put this group in the foreground?  0 or an error.  A higher
// floor sets it.
extern int64_t (*console_check_group)(struct process *process, int group);

// May the process read (SIGTTIN) from the terminal, or change it (SIGTTOU)?  0;
// -EIO; or FUTURE_RESTART: its group was told to stop, so ask again when it
// goes on.  A higher floor sets it.
extern int64_t (*console_check_access)(struct process *process, int signal);

// As if the bytes had been typed.
void console_type(const void *bytes, size_t size);

// Opens the console as descriptors 0, 1 and 2: 0 or an error.
int64_t console_open(struct process *process);

// Instructions from reset until somebody waited for input for the first time.
extern uint64_t console_boot;

void console_init(void);
