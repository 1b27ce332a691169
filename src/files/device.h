// /dev: names for what is no file on a disk.
#pragma once
#include "files/file.h"

// Adds a character device; false when out of memory.
bool device_add(const char *name, unsigned major, unsigned minor,
                const struct file_ops *ops);

// Adds what answers through ops of its own, which find their data again by
// device_data(); the name is not copied.  NULL when out of memory.
struct inode *device_add_inode(const char *name, uint32_t mode, uint32_t number,
                               const struct inode_ops *ops, const void *data);
const void *device_data(struct inode *inode);

// Mounts /dev with null, zero, full, random and urandom.
void device_init(void);
