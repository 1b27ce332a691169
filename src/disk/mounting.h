// mount(), umount2() and syncfs() of disks with ext2.
#pragma once
#include "files/mount.h"
#include <stdint.h>

struct ext2;

// What the table of mounts says of it; where, the caller adds.
struct mount mounting_entry(struct ext2 *fs);

// Nothing is being unmounted: 0, or PENDING.
int64_t mounting_settled(void);

void mounting_init(void);
