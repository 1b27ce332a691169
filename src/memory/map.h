// The system calls that change an address space: brk, mmap, munmap, mprotect,
// riscv_flush_icache; and those of remap.h and advise.h.
#pragma once
#include <stdint.h>

struct area;
struct call;

// Turns a descriptor into the pager of a mapping: a floor with files sets it.
// 0, or -errno; -ENODEV for what cannot be mapped.
extern int64_t (*map_file)(struct call *call, uint64_t fd, struct area *area);

void map_init(void);
