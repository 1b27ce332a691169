// Where memory goes that a process asks for.  With an MMU any address will do,
// and nothing is there yet; without one it has to be found in the machine's
// memory, in one piece (src/nommu/room.c).
//
// Lock: the kernel lock protects everything here.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct area;
struct space;

// Where a program lies.
struct home {
	uint64_t distance;       // from where it was linked to where it is
	uint64_t stack_size;     // that it needs; more may be set aside
	uint64_t stack;          // the lowest address of its stack
	uint64_t stack_top;      // one page above that is for the vdso
};

// Whether programs are position-independent (ET_DYN): those that are linked to
// an address of their own cannot run then, and only those else.
extern const bool room_moves;

// For a program that was linked to [start, end) and says its stack_size, in an
// empty space.  0, -ENOMEM.
int room_home(struct space *space, uint64_t start, uint64_t end, struct home *home);

// For the page or so that starts the first process; 0: none.
uint64_t room_first(struct space *space, uint64_t size);

// For mmap(): sets the area's start and end.  0; -EINVAL, -EEXIST or -ENOMEM.
int room_map(struct space *space, struct area *area, uint64_t hint, uint64_t size, uint64_t flags);

// After that it was refused: what was taken for it is given back.
void room_leave(struct space *space);

// Whether brk() may have [from, to) as well.
bool room_brk(struct space *space, uint64_t from, uint64_t to);

// A pager for memory without a file that a family shares, or NULL if it needs
// none.  0, -ENOMEM.
struct pager;
int room_shared(struct pager **pager);
