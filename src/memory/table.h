// Sv39 page tables: three levels of 512 entries of 8 bytes.  (RISC-V
// Privileged Architecture 1.12, section 4.4.)  Each table notes in its struct
// page which entries were ever in use, so that a walk skips the rest.
#pragma once
#include "memory/page.h"
#include <stddef.h>
#include <stdint.h>

// A page-table entry: the frame number in bits 53..10.
#define PTE_V        0x001ul     // valid
#define PTE_R        0x002ul     // none of R, W, X: points to a table
#define PTE_W        0x004ul
#define PTE_X        0x008ul
#define PTE_U        0x010ul     // user mode may use it
#define PTE_A        0x040ul     // accessed, dirty: some harts trap instead
#define PTE_D        0x080ul     // of setting them, so they are always set
#define PTE_ACCESS   (PTE_R | PTE_W | PTE_X)
#define PTE_BITS     0x3fful     // all that is not the frame number

#define TABLE_END    (1ul << 38) // user addresses lie below: the low half

static inline void *pte_frame(uint64_t entry)
{
	return (void *)(entry << 10 >> 20 << 12);
}

static inline uint64_t pte_make(const void *frame, uint64_t bits)
{
	return (uintptr_t)frame >> 2 | bits;
}

// An empty table; NULL when out of memory.
uint64_t *table_new(void);

// The entry for a page; NULL if there is no table for it yet.
uint64_t *table_entry(uint64_t *root, uint64_t address);

// The same, making tables as needed; NULL when out of memory.
uint64_t *table_make(uint64_t *root, uint64_t address);

// The first valid entry at or after *address and below end, and its address;
// NULL: none.  A walk over a range is a loop on this, and can be interrupted.
uint64_t *table_next(uint64_t *root, uint64_t *address, uint64_t end);

// Clears an entry of a lowest table.  What is cleared from the front on is not
// looked at again, so that a range can be unmapped in many passes.
void table_clear(uint64_t *entry);

// Frees the tables that lie wholly in [start, end), whose pages are unmapped.
void table_prune(uint64_t *root, uint64_t start, uint64_t end);

// Frees all tables, root included; all pages are unmapped.
void table_free(uint64_t *root);

// Empty tables kept at hand: how many, and give them back.
size_t table_spare(void);
void table_trim(void);
