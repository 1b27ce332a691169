// The assembly is written for 64 bits; on 32 the same instructions move words,
// and WORD is how many bytes one has.
#pragma once

#if __riscv_xlen == 32
#define WORD 4
#define ld   lw
#define sd   sw
// Memory begins at 0x80000000, which is negative.
#define is_frame bltz
#define is_same  bgez
#else
#define WORD 8
#define is_frame bgez
#define is_same  bltz
#endif
