// Calls that add entries to directories and take some out: mkdirat(),
// mknodat(), symlinkat(), linkat(), unlinkat().  What is common to all file
// systems is checked here; then the directory's ops do it, or say by having
// none that it cannot be changed.
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
