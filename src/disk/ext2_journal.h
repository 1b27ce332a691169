// The journal as a file of ext2: inode 8, whose blocks are the log.
#pragma once
#include "disk/ext2.h"

// Steps of mounting: where the log lies, its super block, its replay.
int64_t ext2_journal_find(struct ext2 *fs);
int64_t ext2_journal_super(struct ext2 *fs);
int64_t ext2_journal_replay(struct ext2 *fs);
