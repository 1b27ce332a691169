// The system calls that change an address space: brk, mmap, munmap, mprotect,
// riscv_flush_icache; and those of remap.h and advise.h.
#pragma once
#include <stdint.h>

// Flags of mmap(), as Linux's <asm-generic/mman.h> has them.
#define MAP_SHARED           0x01
#define MAP_PRIVATE          0x02
#define MAP_TYPE             0x0f
#define MAP_FIXED            0x10
#define MAP_ANONYMOUS        0x20
#define MAP_NORESERVE        0x4000
#define MAP_FIXED_NOREPLACE  0x100000

struct area;
struct call;

// Turns a descriptor into the pager of a mapping: a floor with files sets it.
// 0, or -errno; -ENODEV for what cannot be mapped.
extern int64_t (*map_file)(struct call *call, uint64_t fd, struct area *area);

void map_init(void);
