// The floors of the disk put together: the cache with the memory that it may
// have, its task, and sync() for all that is mounted.
#pragma once

void storage_init(void);
