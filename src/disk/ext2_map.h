// Which blocks of the disk a file consists of: direct pointers in the inode,
// and trees of indirect blocks.
#pragma once
#include "disk/ext2.h"

// No file has more blocks than these.
uint64_t ext2_blocks_most(const struct ext2 *fs);

// Block `index` of the file; *out is 0 for a hole.  0, -EIO, -EFBIG, ...
int64_t ext2_map(struct ext2_inode *e, uint64_t index, uint32_t *out);

// The same, and a hole gets a block, within a change: *fresh says so.
int64_t ext2_map_alloc(struct ext2_inode *e, uint64_t index, uint32_t *out,
                       bool *fresh);

// The page of a block of metadata that was just allocated, all zero.
int64_t ext2_map_fill(struct ext2_inode *e, uint32_t block,
                      struct cache_page **out);

// Within a change, frees blocks from the end down to block `from`, as many as
// one change may.  0: there are none left; 1: there are; or an error.
int64_t ext2_map_cut(struct ext2_inode *e, uint64_t from);
