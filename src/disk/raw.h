// /dev/vda and its like: the sectors of a disk as one file, read and written
// without a cache, in rounds of what a buffer holds.
#pragma once
#include <stdint.h>

struct block_device;
struct inode;

// The disk of a file in /dev; NULL: it is none.
struct block_device *raw_device(struct inode *inode);

// The number of the n-th disk as a device.
uint32_t raw_number(unsigned n);

// Makes a file in /dev of each disk.
void raw_init(void);
