// Orphans: files that are to be shortened or deleted.  They are on a list on
// the disk, so that the next mount finds what a power cut interrupts; a kernel
// task works them off in bounded steps.
#pragma once
#include "disk/ext2.h"

// On the list and off it, within a change; the second calls follow when it was
// kept.
int64_t ext2_orphan_add(struct ext2_inode *e);
void ext2_orphan_added(struct ext2_inode *e);
int64_t ext2_orphan_remove(struct ext2_inode *e);

// There is something to do for it.
void ext2_orphan_wake(struct ext2_inode *e);

// Reads the list of the disk.  0, an error or PENDING.
int64_t ext2_orphans_load(struct ext2 *fs);

void ext2_orphans_start(struct ext2 *fs);
