// /dev: names for what is no file on a disk.
#pragma once
#include "files/file.h"

// Adds a character device; false when out of memory.
bool device_add(const char *name, unsigned major, unsigned minor,
                const struct file_ops *ops);

// Mounts /dev with null, zero, full, random and urandom.
void device_init(void);
