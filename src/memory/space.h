// An address space: what a process may reach, as areas, and what of it is
// there already, as a page table.  Pages appear when they are first touched;
// copies are shared until one side writes.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "lib/list.h"
#include "memory/area.h"
#include "memory/page.h"
#include "process/user.h"
#include <stdbool.h>
#include <stdint.h>

#define SPACE_PASS 48            // pages handled in one pass
#define SPACE_ENTRIES 128        // of a table, where only these change

// The translations that the kernel used last, by page and access.
#define SPACE_CACHE 4
struct space_cache {
	uint64_t tag; // page address | access
	uint64_t distance; // from the page's address to its frame
};

struct space {
	uint32_t refs;
	uint32_t area_count;
	uint32_t resident; // pages in the table
	int changer; // the thread that changes it, in several passes: alone.h
	uint64_t *root;
	uint64_t satp;
	struct list areas;
	struct area *last; // where the last fault was
	uint64_t done; // how far fork, at its start, or exit have come
	uint64_t brk_start, brk; // the heap; both 0 before exec
	union {
		uint64_t stack_top; // the stack's area ends here
		struct space *next_gone; // of those that nobody has
	};
	uint64_t stack_limit; // bytes, RLIMIT_STACK
	uint64_t args, args_end, env_end; // strings on the stack, for /proc
	struct space_cache cache[SPACE_CACHE];
};

// An empty space with one reference; NULL when out of memory.
struct space *space_new(void);
void space_get(struct space *space);
void space_put(struct space *space);

// The hart gets this one now; no hart has it any more.
void space_load(struct space *space);
void space_unload(struct space *space);

// Of one without references: all of it, in this pass.
void space_free(struct space *space);

// The process's own; NULL: none yet.
extern struct process_part space_part;
static inline struct space *space_of(struct process *process)
{
	return *(struct space **)process_part(process, &space_part);
}

// Gives the process another space (taking over the reference); its own is let
// go.
void space_enter(struct process *process, struct space *space);

// Takes [start, end) out; what is not mapped there does no harm.  0, -ENOMEM.
int space_remove(struct space *space, uint64_t start, uint64_t end);

// Changes the access of [start, end), all of it mapped.  0, -ENOMEM.  What is
// there already keeps its old one until space_restrict() takes away from it,
// from *at on, as much as one pass may; whether to go on.
int space_protect(struct space *space, uint64_t start, uint64_t end, unsigned access);
bool space_restrict(struct space *space, uint64_t *at, uint64_t end);

// Frames that would be free without the space, at least: those in its table or,
// if that is more, in shared memory, where they stay when they are unmapped.
uint64_t space_size(struct space *space);

// Drops pages of [start, end), which come back as at first: as many as one pass
// through the kernel may take.  Whether there may be more.
bool space_discard(struct space *space, uint64_t start, uint64_t end);

// The same for one that only its dying process has: makes the rest of its end
// fit into one pass.  Whether to go on.
bool space_shrink(struct space *space);

// Makes the page at the address usable for the access.  0, -EFAULT, -ENOMEM,
// -EIO or PENDING.
int64_t space_fault(struct space *space, uint64_t address, unsigned access);

// After entries were taken away or cut down: the kernel's translations and
// the hart's TLB forget them.
void space_flush(struct space *space);

// The other harts alone: their TLBs; and their caches of instructions, if there
// is new text.
static inline void space_flush_others(struct space *space, bool text)
{
	// A process with one thread takes care of new text when it moves.
	if (sched_many)
		sched_many->flush(space->satp, text && space->refs > 1);
}

// The one or the other alone, for an entry that was changed.
void space_forget(struct space *space);
void space_flush_page(struct space *space, uint64_t page);

// Copies into a space that no process runs in yet.  0 or as space_fault().
int64_t space_write(struct space *space, uint64_t to, const void *from, size_t size);

// Reads what is there for /proc: bytes copied, less where nothing is.
size_t space_peek(struct space *space, void *to, uint64_t from, size_t size);

// For user_store_free().
bool space_store_free(struct process *process, uint64_t to, const void *from, size_t size);

// Where an address that was used so lately lies; NULL: somewhere else.
static inline char *space_cached(const struct space *space, uint64_t address,
                                 unsigned access)
{
	uint64_t page = address >> PAGE_SHIFT;
	const struct space_cache *cache =
		&space->cache[(page ^ access) % SPACE_CACHE];

	if (cache->tag != (page << PAGE_SHIFT | access))
		return NULL;
	if (address + cache->distance == 0) // never: the compiler may know
		__builtin_unreachable();
	return (char *)(address + cache->distance);
}

// The same for what is there and may be used so now; never makes a page.
char *space_reach(struct space *space, uint64_t address, unsigned access);

// Replaces floor 6's user access and registers for the page faults.
void space_init(void);
