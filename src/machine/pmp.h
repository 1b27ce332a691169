// Physical memory protection: what user mode may touch, and what not even the
// kernel may.  (Privileged Architecture 1.12, section 3.7.)
//
//	entry 0, 1   kernel text: read and execute, locked
//	      2      read-only data: read, locked
//	      3      the guard under this hart's stack: nothing, locked
//	      4 - 6  the walls of the program that runs (floor 6)
//	      7      all memory, for user mode, while page tables are the walls
//
// The lowest entry that matches decides; locked ones bind machine mode too.
#pragma once
#include <stdint.h>

// User mode may touch everything.  Without any entry that matches, mret to
// user mode faults at once.
void pmp_open(void);

// User mode may touch what this plan says, and nothing else.
#define PMP_WALLS 3              // entries that it may have
struct walls;
void pmp_walls(const struct walls *walls);

// Locks the kernel's text, read-only data and guard page until reset.
void pmp_lock_kernel(void);

// How many entries the hart has, found out by trying: 0, 16 or 64 (64 is
// not told from more).
unsigned pmp_entries(void);
