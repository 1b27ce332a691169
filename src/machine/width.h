// The assembly is written for 64 bits; on 32 the same instructions move words,
// WORD is how many bytes one has, 2 to the power of WORD_BITS.
#pragma once

#if __riscv_xlen == 32
#define WORD 4
#define WORD_BITS 2
#define ld   lw
#define sd   sw
// Memory begins at 0x80000000, which is negative.
#define is_frame bltz
#define is_same  bgez
#else
#define WORD 8
#define WORD_BITS 3
#define is_frame bgez
#define is_same  bltz
#endif
