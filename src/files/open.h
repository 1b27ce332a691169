// openat(), close(), and what is asked of an open file besides moving data:
// lseek(), ioctl(), fsync().
#pragma once
#include "process/syscall.h"
#include <stdint.h>

// openat() with Linux's flags, for those who bring their arguments from
// elsewhere.  A descriptor, an error or PENDING.
int64_t open_at(struct call *call, uint64_t dirfd, uint64_t path,
                uint32_t flags, uint32_t mode);

// sync(): floors with disks set it.  0, an error or PENDING.
extern int64_t (*open_sync_all)(void);

void open_init(void);
