// /proc/PID: the directory of a process, and the files in it.  Its inodes are
// made when they are asked for, and name the process by its number: it may be
// gone when they are used.
#pragma once
#include "files/inode.h"

// Numbers of inodes and cursors of lists from here on have a pid in them.
#define PID_NUMBERS (1ul << 32)

// The directory's number.
uint64_t pid_ino(int pid);

// The directory; -ENOENT: no such process.  `root` is that of /proc.
int64_t pid_directory(struct inode *root, int pid, struct inode **out);

// A symbolic link to it.
int64_t pid_link(struct inode *root, int pid, struct inode **out);
