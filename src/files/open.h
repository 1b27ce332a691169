// openat(), close(), and what is asked of an open file besides moving data:
// lseek(), ioctl(), fsync().
#pragma once
#include "process/wait.h"
#include <stdint.h>

// openat() with Linux's flags, for those who bring their arguments from
// elsewhere.  A descriptor, an error or PENDING.
int64_t open_at(struct call *call, uint64_t dirfd, uint64_t path,
                uint32_t flags, uint32_t mode);

// sync(): floors with disks set it.  The future's phase and goal are its own.
// 0, an error or PENDING.
extern int64_t (*open_sync_all)(struct future *future);

void open_init(void);
