# The door of every trap.  mscratch holds the frame of the process that runs,
# or 0 while the hart is in the kernel: so the first instruction tells a trap
# of a process from a fault of the kernel itself.
#
#   trap_vector   1  find the frame      2  store 31 registers and pc
#                 3  take the hart's stack     4  call trap(frame, cause), which
#                                        for a system call is its handler
#   trap_return   5  load pc, status, registers of the frame in a0     6  mret
#                    (if a0 is negative: of the frame at -a0 what C may change)
#   kernel_fault  a frame on the emergency stack, then trap_in_kernel()
#   trap_try, trap_try_failed     a call that may fault
#   trap_store_floats, trap_load_floats

#include "machine/width.h"
#include "offsets.inc"
#include "machine/frame.S"

	.section .text.trap_vector, "ax"
	.globl	trap_vector, trap_return, kernel_fault
	.balign	4			# mtvec, direct mode
trap_vector:
	csrrw	a0, mscratch, a0	# 1: a0 = the frame, mscratch = its a0
	beqz	a0, kernel_fault
	store_frame			# 2, 3 (backtraces end here: the user's
	li	t0, CAUSE_ECALL_U	# 4     s0 points to no stack of ours)
	beq	a1, t0, 1f
	jal	trap
	j	trap_return
1:	ld	t0, HART_ECALL(tp)	#    the most frequent ones, a short way
	jalr	t0
	is_frame a0, 2f

	# a0 = -frame: what a C function preserves is in the hart still
trap_return_same:
	neg	a0, a0
	leave	each_changed		# 5, 6

	# a0 = the frame to resume, its kstack being this hart's; or as above
trap_return:
	is_same	a0, trap_return_same
2:	leave	each_register		# 5, 6

	# a0 = 0, mscratch = the a0 of the kernel, tp = the hart
kernel_fault:
	li	a0, HART_ROOM - HART_STACK_TOP - FRAME_SIZE
	add	a0, a0, tp
	each_register sd
	csrrw	t0, mscratch, zero
	csrr	t1, mepc
	csrr	t2, mstatus
	sd	t0, FRAME_REGS + 10 * WORD(a0)
	sd	t1, FRAME_PC(a0)
	sd	t2, FRAME_STATUS(a0)
	mv	sp, a0
	mv	s0, zero
	csrr	a1, mcause
	call	trap_in_kernel		# does not return
	j	.

# a0 = the function, a1 = its argument, a2 = where its result goes.  What a
# function must keep is put on the stack, and the stack noted in the hart;
# trap_try_failed() goes back to it.
	.section .text.trap_try, "ax"
	.globl	trap_try, trap_try_failed
	.macro	each_saved do
	\do	ra, 0(sp)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	\do	s\n, WORD + \n * WORD(sp)
	.endr
	.endm
trap_try:
	addi	sp, sp, -128
	each_saved sd
	sd	a2, 112(sp)
	sd	sp, HART_TRY_STACK(tp)
	mv	t0, a0
	mv	a0, a1
	jalr	t0
	sd	zero, HART_TRY_STACK(tp)
	ld	t0, 112(sp)
	sd	a0, 0(t0)
	li	a0, 0
	j	1f
trap_try_failed:			# a0 = the stack, a1 = the cause
	mv	sp, a0
	addi	a0, a1, 1
1:	each_saved ld
	addi	sp, sp, 128
	ret

# The kernel is built without floats, so nothing but these two touches them.
	.option	arch, +d
	.section .text.trap_store_floats, "ax"
	.globl	trap_store_floats, trap_load_floats
	.macro	each_float do
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\do	f\n, FRAME_FREGS + \n * 8(a0)
	.endr
	.endm
trap_store_floats:
	each_float fsd
	frcsr	t0
	sd	t0, FRAME_FCSR(a0)
	ret

	.section .text.trap_load_floats, "ax"
trap_load_floats:
	each_float fld
	ld	t0, FRAME_FCSR(a0)
	fscsr	t0
	ret
