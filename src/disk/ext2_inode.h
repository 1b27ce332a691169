// Inodes of ext2 in memory: found by number, kept while somebody refers to
// them and some time after that.
#pragma once
#include "disk/ext2.h"

// With a reference.  An inode without links is one that was deleted: -EIO, if
// it is not asked for as an orphan.  0, -EIO, -ENOMEM or PENDING.
int64_t ext2_inode_get(struct ext2 *fs, uint32_t ino, bool orphan,
                       struct ext2_inode **out);

// A number that was just allocated: its record is made zero, within a change.
int64_t ext2_inode_new(struct ext2 *fs, uint32_t ino, uint32_t mode,
                       struct ext2_inode **out);

// What struct inode has follows what is on the disk.
void ext2_refresh(struct ext2_inode *e);

// Changes of it, within a change of the journal for all of its record.
void ext2_touch(struct ext2_inode *e, bool contents);

// Touching it now would change nothing.
bool ext2_touched(const struct ext2_inode *e);
void ext2_set_size(struct ext2_inode *e, uint64_t size);

// The end of a change: the inodes, of which any may be NULL, belong to the
// transaction; or they are as they were.  Hands on `err`.
int64_t ext2_end(struct ext2 *fs, int64_t err, struct ext2_inode *a,
                 struct ext2_inode *b);

// The same for one more.
void ext2_after(struct ext2_inode *e, int64_t err);

// Blocks belong to it: not to devices, nor to links whose target is short.
bool ext2_has_blocks(const struct ext2_inode *e);

// Of one that was an orphan, and that nobody refers to: it is kept some time.
void ext2_inode_rest(struct ext2_inode *e);
void ext2_release(struct inode *inode);
void ext2_stat(struct inode *inode, struct stat *stat);

// Forgets it: nobody refers to it, and nothing of it is dirty.
void ext2_inode_free(struct ext2_inode *e);

// One that was made a moment ago, and has no name.
void ext2_inode_unmake(struct ext2_inode *e);
bool ext2_inode_busy(const struct ext2_inode *e);

extern const struct inode_ops ext2_ops;
