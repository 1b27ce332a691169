// What files are: fstat(), access(), readlink(), statfs().
#pragma once
#include "process/syscall.h"
#include <stdint.h>

// Flags of the ...at() calls.
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EACCESS 0x200
#define AT_SYMLINK_FOLLOW 0x400
#define AT_NO_AUTOMOUNT 0x800
#define AT_EMPTY_PATH 0x1000

// newfstatat() and faccessat() for those who bring their arguments from
// elsewhere.  0, an error or PENDING.
int64_t stat_at(struct process *process, uint64_t dirfd, uint64_t path,
                uint64_t to, uint32_t flags);
int64_t access_at(struct process *process, uint64_t dirfd, uint64_t path,
                  uint32_t mode, uint32_t flags);

void stat_init(void);
