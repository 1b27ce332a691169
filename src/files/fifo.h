// The ends of pipes as open files, whether pipe2() made the pipe or it has a
// name in a directory (a FIFO).
#pragma once
#include "files/file.h"

#define PIPE_LARGEST (1ul << 20) // bytes that a ring can be made to hold

// Opens an inode that is a FIFO: for the ops of its file system.  Nobody waits
// for the other side while opening; who reads or writes first does.
int64_t fifo_open(struct inode *inode, struct file *file);

// Registers pipe2().
void fifo_init(void);
