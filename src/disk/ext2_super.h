// Mounting ext2: the superblock is read and checked, the journal replayed, and
// what an earlier mount left undone is taken up.
#pragma once
#include "disk/ext2.h"

// Mounts the device.  PENDING: ask again with the same *out, which is NULL at
// first.  An error: it says why on the console; *out is NULL.
int64_t ext2_mount(struct block_device *device, bool read_only,
                   struct ext2 **out);

// Everything is written, and the file system marked as clean.  -EBUSY while
// somebody uses it; 0: it is gone; PENDING.
int64_t ext2_unmount(struct ext2 *fs);

// Somebody has more of it than the root, of which the mount has one reference
// and the caller some.
bool ext2_in_use(struct ext2 *fs, unsigned besides);

// What was changed before now is lasting.  0, -EIO, PENDING.
int64_t ext2_sync(struct ext2 *fs, struct sync_goal *goal);

// Steps of the beginning and of the end: the superblock is written; lasting.
int64_t ext2_write_super(struct ext2 *fs);
int64_t ext2_flush(struct ext2 *fs);

// Waits until nothing is on its way, to or from the disk; what was not written
// is given up.  0 or PENDING.
int64_t ext2_settle(struct ext2 *fs);

// Lets go of its memory; nothing of it is on its way any more.
void ext2_free(struct ext2 *fs);

struct ext2_space {
	uint64_t block_size, blocks, free, inodes, free_inodes;
};
void ext2_statfs(const struct ext2 *fs, struct ext2_space *space);

// All that are mounted.
extern struct list ext2_mounts;
