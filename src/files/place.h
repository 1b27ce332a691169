// Where a process is: its current directory, and the permissions that it does
// not give to new files.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include "process/process.h"

// Without a reference.
struct inode *place_directory(struct process *process);

// Takes over the reference.
void place_move(struct process *process, struct inode *directory);

uint32_t place_umask(struct process *process);

// What the record of a process takes, in bytes.
size_t place_record_size(void);

// Registers it as a part of every process; umask().
void place_init(void);
