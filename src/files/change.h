// Calls that change directories: mkdirat(), unlinkat(), linkat(), symlinkat(),
// renameat2(), truncate().  All file systems are read-only on this floor, so
// they find out what is wrong with their paths, and otherwise say that.
#pragma once
#include "process/syscall.h"
#include <stdint.h>

// For those who bring their arguments from elsewhere.
int64_t change_mkdir(struct process *process, uint64_t dirfd, uint64_t path,
                     uint32_t mode);
int64_t change_unlink(struct process *process, uint64_t dirfd, uint64_t path,
                      uint32_t flags);
int64_t change_link(struct process *process, uint64_t from_dirfd, uint64_t from,
                    uint64_t to_dirfd, uint64_t to, uint32_t flags);

void change_init(void);
