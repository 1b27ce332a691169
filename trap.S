# The door of every trap.  mscratch holds the frame of the process that runs,
# or 0 while the hart is in the kernel: so the first instruction tells a trap
# of a process from a fault of the kernel itself.
#
#   trap_vector   1  find the frame      2  store 31 registers, pc, status
#                 3  take the hart's stack     4  call trap(frame, cause)
#   trap_return   5  load pc, status, registers of the frame in a0     6  mret
#   kernel_fault  a frame on the emergency stack, then trap_in_kernel()
#   trap_try, trap_try_failed     a call that may fault
#   trap_store_floats, trap_load_floats

#include "offsets.inc"

	.macro	each_register do, base
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	\do	x\n, FRAME_REGS + \n * 8(\base)
	.endr
	.endm

	.section .text.trap_vector, "ax"
	.globl	trap_vector, trap_return
	.balign	4			# mtvec, direct mode
trap_vector:
	csrrw	t6, mscratch, t6	# 1: t6 = the frame, mscratch = user t6
	beqz	t6, kernel_fault
	each_register sd, t6		# 2: all but t6
	csrrw	t5, mscratch, zero	#    0: the hart is in the kernel now
	sd	t5, FRAME_REGS + 31 * 8(t6)
	csrr	t0, mepc
	csrr	t1, mstatus
	sd	t0, FRAME_PC(t6)
	sd	t1, FRAME_STATUS(t6)
	ld	sp, FRAME_KSTACK(t6)	# 3: the stack ends at struct hart
	mv	tp, sp
	mv	s0, zero		#    backtraces end here
	mv	a0, t6			# 4
	csrr	a1, mcause
	call	trap

	# a0 = the frame to resume, its kstack being this hart's
trap_return:
	ld	t0, FRAME_PC(a0)	# 5
	ld	t1, FRAME_STATUS(a0)
	csrw	mepc, t0
	csrw	mstatus, t1
	csrw	mscratch, a0
	mv	t6, a0
	each_register ld, t6
	ld	t6, FRAME_REGS + 31 * 8(t6)
	mret				# 6

	# t6 = 0, mscratch = the t6 of the kernel, tp = the hart
kernel_fault:
	li	t6, HART_ROOM - HART_STACK_TOP - FRAME_SIZE
	add	t6, t6, tp
	each_register sd, t6
	csrrw	t5, mscratch, zero
	sd	t5, FRAME_REGS + 31 * 8(t6)
	csrr	t0, mepc
	csrr	t1, mstatus
	sd	t0, FRAME_PC(t6)
	sd	t1, FRAME_STATUS(t6)
	mv	sp, t6
	mv	s0, zero
	mv	a0, t6
	csrr	a1, mcause
	call	trap_in_kernel		# does not return
	j	.

# uint64_t trap_try(uint64_t (*function)(uint64_t), uint64_t a, uint64_t *result)
# What a function must keep is put on the stack, and the stack noted in the
# hart; trap_try_failed() goes back to it.
	.section .text.trap_try, "ax"
	.globl	trap_try, trap_try_failed
	.macro	each_saved do
	\do	ra, 0(sp)
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11
	\do	s\n, 8 + \n * 8(sp)
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
