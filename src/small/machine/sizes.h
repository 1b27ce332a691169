// As machine/sizes.h, for a board with 16 KiB of memory.
#pragma once

#define BOARD_HARTS 1

#define HART_ROOM      4096
#define HART_GUARD     64
#define HART_STACK_TOP 2560

// No page tables here, so a frame may be what suits: the heap gives objects of
// up to half of one out of slabs, and whole blocks above that.
#define PAGE_SHIFT     9
#define PAGE_MAX_ORDER 4         // 8 KiB

#define PROCESS_BUCKETS 16
#define SYSCALL_LIMIT   192      // those of floors 1 to 6 are below
