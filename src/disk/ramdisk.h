// A disk in memory, behind the interface of all disks: what benches measure on,
// because it costs the same each time.  Its contents go with the machine.
//
// The boot argument `ramdisk=MiB` makes ram0; with `ramdisk=MiB,deferred` the
// answers come later, from a kernel task, as those of a real disk do.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct block_device;

// A disk of so many MiB, full of zeroes; NULL when memory does not suffice.
struct block_device *ramdisk_new(const char *name, size_t mib, bool deferred);

// The memory itself is the disk; NULL when out of memory.
struct block_device *ramdisk_at(const char *name, void *memory, size_t size,
                                bool deferred);

// As the boot arguments say.
void ramdisk_init(void);
