// The initial root: a cpio archive in memory becomes a read-only tree.  Names
// and contents stay where they are in the archive.
#pragma once

// Mounts the archive that the board was given, or else the one that is linked
// into the kernel, as the root of all.  One that is corrupt is told of on the
// console, and what could be read of it is the root.
void initrd_init(void);
