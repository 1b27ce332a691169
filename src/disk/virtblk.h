// Disks behind virtio-blk: vda, vdb ... as QEMU's -drive options name them.
// (Virtual I/O Device 1.1: 5.2 block device.)
#pragma once
#include <stdint.h>

// A device that has not answered a request for so long, in ms, is reset.
extern uint64_t virtblk_patience;

// Finds all of them and registers them as block devices.  After plic_init().
void virtblk_init(void);
