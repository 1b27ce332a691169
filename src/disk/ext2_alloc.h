// Blocks and inodes: the bitmaps of the groups, and the counts of what is
// free.  All of these are called within a change of the journal.
#pragma once
#include "disk/ext2.h"

// A free block, the first from `goal` on if there is one.  0, -ENOSPC, -EIO,
// PENDING, or what journal_change() says.
int64_t ext2_block_alloc(struct ext2 *fs, uint32_t goal, uint32_t *out);

// Not one of those where the file system keeps its own records.
bool ext2_block_ours(struct ext2 *fs, uint32_t block);

// Frees a block: of data, or of metadata that the journal may know.  Until the
// change is committed nobody else gets it.
int64_t ext2_block_free(struct ext2 *fs, uint32_t block, bool metadata);

int64_t ext2_ino_alloc(struct ext2 *fs, uint32_t parent, bool directory,
                       uint32_t *out);
int64_t ext2_ino_free(struct ext2 *fs, uint32_t ino, bool directory);

// After a commit: what it has freed may be used.
void ext2_freed(struct journal *journal, unsigned parity);
