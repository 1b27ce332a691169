// What of a superblock and its group descriptors is believed.
#pragma once
#include "disk/ext2.h"

// 0 and the numbers that follow from it; or -EINVAL, -EIO, after a line that
// says why.
int ext2_check_super(struct ext2 *fs, const struct ext2_super *s);

// All descriptors are in memory.
int ext2_check_groups(struct ext2 *fs);
