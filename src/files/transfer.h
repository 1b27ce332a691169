// User memory that a read fills or a write empties: one piece, or those of a
// vector.  Data goes through here, so that no file needs to know which.
#pragma once
#include "memory/page.h"
#include "process/user.h"
#include "process/wait.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSFER_PASS 65536 // bytes in one pass through the kernel
#define TRANSFER_PIECES 1024 // IOV_MAX
#define TRANSFER_MOST 0x7ffff000ul // bytes in one call, as Linux
#define TRANSFER_FEW 8 // pieces that need no allocation

struct piece {
	uint64_t at, size; // Linux's struct iovec
};

struct transfer {
	struct process *process; // NULL: a write from kernel memory
	struct piece *piece; // the next that is not done
	size_t left; // bytes to move in this pass; whoever moves
		// them may lower it to what a pass allows
	uint64_t total; // bytes in all passes
	struct future *future; // waits, if somebody has to
	bool may_wait; // else -EAGAIN
	struct piece *block; // allocated for the pieces, or NULL
	struct piece few[TRANSFER_FEW];
};

// What is left of the page at an address or offset, `most` at most.
static inline size_t page_part(uint64_t at, size_t most)
{
	size_t part = PAGE_SIZE - at % PAGE_SIZE;

	return part < most ? part : most;
}

static inline void transfer_pass(struct transfer *t)
{
	t->left = t->total < TRANSFER_PASS ? t->total : TRANSFER_PASS;
}

// One piece.  Needs no transfer_end().
static inline void transfer_init(struct transfer *t, struct process *process,
                                 uint64_t at, uint64_t size)
{
	t->process = process;
	t->piece = t->few;
	t->few[0].at = at;
	t->total = t->left = size;
	if (size > TRANSFER_PASS) {
		t->total = size < TRANSFER_MOST ? size : TRANSFER_MOST;
		t->left = TRANSFER_PASS;
	}
	t->few[0].size = t->total;
}

// The pieces of a vector in user memory.  0, -EFAULT, -EINVAL, -ENOMEM or
// PENDING; after 0 comes transfer_end().
int64_t transfer_init_vector(struct transfer *t, struct process *process,
                             uint64_t vector, uint64_t count);
void transfer_end(struct transfer *t);

// Leaves out what earlier passes have moved.
void transfer_skip(struct transfer *t, uint64_t done);

// Makes sure that the next `size` bytes can be moved.  Then, in the same pass,
// that much moves without failing.
int64_t transfer_prepare(struct transfer *t, size_t size, unsigned access);

// Move bytes: all or none, and on they go.  0, -EFAULT, -ENOMEM or PENDING.
int64_t transfer_zero(struct transfer *t, size_t size);
int64_t transfer_in(struct transfer *t, void *to, size_t size);
int64_t transfer_out_pieces(struct transfer *t, const void *from, size_t size);

static inline void transfer_move(struct transfer *t, size_t size)
{
	t->piece->at += size;
	t->piece->size -= size;
	t->left -= size;
}

static inline int64_t transfer_out(struct transfer *t, const void *from,
                                   size_t size)
{
	int64_t err;

	if (size > t->piece->size)
		return transfer_out_pieces(t, from, size);
	err = user_copy_out(t->process, t->piece->at, from, size);
	if (!err)
		transfer_move(t, size);
	return err;
}
