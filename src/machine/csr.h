// Control and status registers, and the bits that the kernel uses.
// (RISC-V Privileged Architecture 1.12, chapter 3.)
#pragma once
#include <stdint.h>

#define csr_read(name)                                          \
	({                                                      \
		unsigned long value_;                           \
		asm volatile("csrr %0, " #name : "=r"(value_)); \
		value_;                                         \
	})
#define csr_word(value) "rK"((unsigned long)(value))
#define csr_write(name, value) \
	asm volatile("csrw " #name ", %0" ::csr_word(value) : "memory")
#define csr_set(name, bits) \
	asm volatile("csrs " #name ", %0" ::csr_word(bits) : "memory")
#define csr_clear(name, bits) \
	asm volatile("csrc " #name ", %0" ::csr_word(bits) : "memory")

// mstatus
#define MSTATUS_MIE      (1ul << 3)
#define MSTATUS_MPIE     (1ul << 7)
#define MSTATUS_MPP      (3ul << 11)    // the mode before the trap
#define     MSTATUS_MPP_U    (0ul << 11)
#define MSTATUS_FS       (3ul << 13)    // float state
#define     MSTATUS_FS_OFF   (0ul << 13)
#define     MSTATUS_FS_INITIAL (1ul << 13)
#define     MSTATUS_FS_CLEAN (2ul << 13)
#define     MSTATUS_FS_DIRTY (3ul << 13)

// mip, mie: pending and enabled interrupts
#define MIP_SOFTWARE     (1ul << 3)
#define MIP_TIMER        (1ul << 7)
#define MIP_EXTERNAL     (1ul << 11)

// mcause
#define CAUSE_INTERRUPT  (1ul << (__riscv_xlen - 1))
enum trap_cause {
	CAUSE_FETCH_MISALIGNED = 0,
	CAUSE_FETCH_ACCESS = 1,
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_LOAD_ACCESS = 5,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_STORE_ACCESS = 7,
	CAUSE_ECALL_U = 8,
	CAUSE_FETCH_PAGE = 12,
	CAUSE_LOAD_PAGE = 13,
	CAUSE_STORE_PAGE = 15,
	CAUSE_BUS = 24, // ours: a page fault whose page cannot be had
};

enum trap_interrupt {
	INTERRUPT_SOFTWARE = 3,
	INTERRUPT_TIMER = 7,
	INTERRUPT_EXTERNAL = 11,
};

// misa: one bit per letter
#define MISA(letter)     (1ul << ((letter) - 'A'))

// mcounteren, scounteren: what user mode may read
#define COUNTER_CYCLE    1ul
#define COUNTER_TIME     2ul
#define COUNTER_INSTRET  4ul

// satp: the mode in bits 63..60, the root's frame number below
#define SATP_SV39        (8ull << 60)
#define SATP_TABLE       (1ull << 63)    // in the MODE of each kind of table
