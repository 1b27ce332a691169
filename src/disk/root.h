// Which file system is the root of all: that of a disk, or the initial one.
#pragma once

// Decides by the boot argument `root=NAME`, a disk; `root=initrd` is the
// initial root.  Without it, it is the first disk if that has an ext2 with
// /bin/init in it.  A disk that is asked for and is no root ends the machine,
// with a message; one that is not asked for leaves the initial root, with a
// message.
//
// `then` is called once when that is done, now or by a kernel task, before
// which there is no process.
void root_choose(void (*then)(void));
