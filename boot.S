# Barefoot's front door: every hart arrives here from reset, in machine mode,
# with a0 = its id and a1 = the address of the device tree (or 0).
#
#   1  one hart goes on, the others wait for a software interrupt
#   2  a trap before the kernel has a vector stops here, where gdb finds it
#   3  clear .bss, and copy .data to memory where it lies in flash
#   4  take this hart's room (stack and struct hart) and call main(), or, if it
#      was parked, what hart_go says

#include "machine/width.h"
#include "offsets.inc"

	.section .text.boot, "ax"
	.globl _start
_start:
	csrw	mie, zero
	csrw	mscratch, zero		# 0: this hart is in the kernel
	la	t0, stuck
	csrw	mtvec, t0		# step 2

	la	t0, boot_hart		# set by the linker script
	bne	a0, t0, parked		# step 1

	la	t0, _bss_start		# step 3: both ends are 64-byte aligned
	la	t1, _bss_end
	bgeu	t0, t1, 2f
1:	sd	zero, 0(t0)
	sd	zero, 1 * WORD(t0)
	sd	zero, 2 * WORD(t0)
	sd	zero, 3 * WORD(t0)
	sd	zero, 4 * WORD(t0)
	sd	zero, 5 * WORD(t0)
	sd	zero, 6 * WORD(t0)
	sd	zero, 7 * WORD(t0)
	addi	t0, t0, 8 * WORD
	bltu	t0, t1, 1b
2:	la	t0, _data_load		# from flash, where that is where it
	la	t1, _data_start		# lies; else it is in its place
	la	t2, _data_end
	beq	t0, t1, 4f
3:	bgeu	t1, t2, 4f
	ld	t3, 0(t0)
	sd	t3, 0(t1)
	addi	t0, t0, WORD
	addi	t1, t1, WORD
	j	3b

4:	la	t1, main
5:	li	t0, HART_ROOM		# step 4: tp = sp = &room[id].hart
	mul	t0, t0, a0
	la	sp, hart_rooms + HART_STACK_TOP
	add	sp, sp, t0
	mv	tp, sp
	mv	s0, zero		# the end of every backtrace
	mv	ra, zero
	jalr	t1
	j	.			# main() does not return

parked:	li	t0, HARTS_MOST		# no room for it
	bgeu	a0, t0, stuck
	li	t0, RING_BIT
	csrw	mie, t0
6:	wfi
	csrr	t0, mip
	andi	t0, t0, RING_BIT
	beqz	t0, 6b
	fence				# what was written before the ring
	la	t0, hart_go
	ld	t1, 0(t0)
	beqz	t1, 6b			# that was no ring of ours
	j	5b

	.balign	4			# mtvec wants it
stuck:	wfi
	j	stuck
