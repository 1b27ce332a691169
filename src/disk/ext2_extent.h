// Extents: how ext4 says which blocks a file consists of; read, not written.
// (Linux, Documentation/filesystems/ext4/ifork.rst, "Extent Tree".)
#pragma once
#include "disk/ext2.h"

// Block `index` of a file that has extents: its number on the disk, or 0 where
// it has none or was never written.  0, -EIO, -ENOMEM, or PENDING.
int64_t ext2_extent_map(struct ext2_inode *e, uint64_t index, uint32_t *out);

static inline bool ext2_has_extents(const struct ext2_inode *e)
{
	return e->raw->flags & EXT2_FLAG_EXTENTS;
}
