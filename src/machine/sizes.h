// What the kernel takes for its tables, and how finely it divides memory.  A
// board with very little of it is built with the file of the same name under
// src/small, which comes first in the search for headers.
#pragma once

#define BOARD_HARTS 8            // the most harts that any board may have

// Each hart's room, in bytes: a power of two, to which it is aligned.
#define HART_ROOM      16384     // its stacks and state, see machine/hart.h
#define HART_GUARD     4096      // below the stack; a power of two
#define HART_STACK_TOP 12288     // where the stack begins, going down

// Page frames: 2^PAGE_SHIFT bytes, and the largest block is 2^PAGE_MAX_ORDER
// of them.  Page tables want 12.
#define PAGE_SHIFT     12
#define PAGE_MAX_ORDER 10        // 4 MiB

#define PROCESS_BUCKETS 1024     // for finding a pid; a power of two
#define SYSCALL_LIMIT   1104     // numbers of system calls lie below
