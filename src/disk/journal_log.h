// The log as a ring of blocks, and the blocks that are the journal's own.
#pragma once
#include "disk/journal.h"

// A buffer of a block; NULL when out of memory.
void *journal_buffer(const struct journal *j);
void journal_buffer_free(const struct journal *j, void *buffer);

// Tags that one descriptor holds; log blocks that so many changes take.
unsigned journal_tags(const struct journal *j);
uint32_t journal_need(const struct journal *j, unsigned blocks,
                      unsigned revokes);

// The place behind this one.
uint32_t log_after(const struct journal *j, uint32_t at);

// A block goes to the log at j->at.  False: no slot is free; wait for
// j->slot_waker.  Errors show in j->failed when j->busy is 0.
bool log_write(struct journal *j, struct journal_block *block, void *data);

// The same, at a place of the log; the buffer is not copied.
bool log_write_at(struct journal *j, struct journal_block *block, void *data,
                  uint32_t at);

// All that was begun has ended.  0, -EIO, or PENDING.
int64_t log_settled(struct journal *j);

// The header of a block of the journal's own, in j->own, else zeroes.
void *log_own(struct journal *j, uint32_t kind, uint32_t sequence);

// Writes the journal's super block: where the log begins, 0 for an empty one,
// and with what.  Call log_settled() and flush after it.
bool log_write_super(struct journal *j, uint32_t start, uint32_t sequence);

// Out of all lists, and gone.
void journal_block_free(struct journal *j, struct journal_block *b);

// Writes home what only the log has.  0: there is none left; or PENDING.
int64_t checkpoint(struct journal *j);

// What the task does when it has nothing to commit.
int64_t journal_poll(struct ktask *task);
