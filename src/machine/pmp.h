// Physical memory protection: what user mode may touch, and what not even the
// kernel may.  (Privileged Architecture 1.12, section 3.7.)
//
//	entry 0, 1   kernel text: read and execute, locked
//	      2      read-only data: read, locked
//	      3      the page under this hart's stack: nothing, locked
//	      4, 5   a region for the program that runs (floor 6)
//	      7      all memory, for user mode, while page tables are the walls
//
// The lowest entry that matches decides; locked ones bind machine mode too.
#pragma once
#include <stdint.h>

// User mode may touch everything.  Without any entry that matches, mret to
// user mode faults at once.
void pmp_open(void);

// User mode may touch [start, end) and nothing else; both multiples of 4.
void pmp_wall(uintptr_t start, uintptr_t end);

// Locks the kernel's text, read-only data and guard page until reset.
void pmp_lock_kernel(void);

// How many entries the hart has, found out by trying: 0, 16 or 64 (64 is
// not told from more).
unsigned pmp_entries(void);
