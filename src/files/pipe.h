// Pipes: a ring of bytes between those who write and those who read, made by
// pipe2(), or a name in a directory (a FIFO).  The ring is made of page frames
// that come when they are written to and go when they were read: an idle pipe
// has at most one.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/file.h"

#define PIPE_BUF 4096 // a write of so much is never mixed with another
#define PIPE_SIZE 65536
#define PIPE_LARGEST (1ul << 20)

// Opens an inode that is a FIFO: for the ops of its file system.  Nobody waits
// for the other side while opening; who reads or writes first does.
int64_t pipe_open(struct inode *inode, struct file *file);

// Registers pipe2().
void pipe_init(void);
