// What the calls that change an address space ask of a range before they do.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "memory/page.h"
#include <stdbool.h>
#include <stdint.h>

struct space;

// Up to a whole page; what is in the last page of all becomes 0.
static inline uint64_t page_up(uint64_t address)
{
	return (address + PAGE_MASK) & ~PAGE_MASK;
}

// Whole pages that user mode could have.
bool range_valid(uint64_t start, uint64_t size);

// All of [start, end) is mapped; or nothing is; or some of it may never become
// writable.
bool range_mapped(struct space *space, uint64_t start, uint64_t end);
bool range_free(struct space *space, uint64_t start, uint64_t end);
bool range_sealed(struct space *space, uint64_t start, uint64_t end);

// So many bytes more are not more than could ever be there.
bool memory_could_hold(const struct space *space, uint64_t size);
