# The door of every trap once more than one hart is at work: that of trap.S with
# the kernel lock around what is behind it.
#
#   trap_vector_many   1  find the frame      2  store the hart into it
#                      3  a call that needs no lock is done without
#                      4  take the lock        5  has somebody asked something?
#                      6  call trap(frame, cause)
#                      7  release the lock    8  satp, if it is to change
#                      9  load the hart from the frame
#                         (if a0 is negative: as trap_return does)
#
# A lock that is free costs the steps marked with a *, twelve of them.

#include "machine/width.h"
#include "offsets.inc"
#include "machine/frame.S"

	.macro	each_changed_here do
	each_changed \do
	each	\do, 9,18,19,20,21	# s1 ... s5
	.endm
	.macro	each_changed_free do
	each_changed \do
	each	\do, 9			# s1
	.endm

	.section .text.trap_vector_many, "ax"
	.globl	trap_vector_many
	.balign	4			# mtvec, direct mode
trap_vector_many:
	csrrw	a0, mscratch, a0	# 1
	beqz	a0, .Lfault
	store_frame			# 2
	li	t0, CAUSE_ECALL_U	# 3
	bne	a1, t0, .Ltake
	srli	t2, a7, HART_FREE_BITS
	bnez	t2, .Ltake
	ld	t0, HART_FREE(tp)
	slli	t2, a7, WORD_BITS
	add	t0, t0, t2
	ld	t0, 0(t0)
	bnez	t0, .Lfree

	# s1 = the lock, s2 = 1; trap() keeps them
.Ltake:	ld	s1, HART_LOCK(tp)	# 4 *
	li	s2, 1			#   *
	addi	t0, s1, LOCK_NEXT	#   *
	amoadd.d t2, s2, (t0)		#   * the ticket
	lr.d.aq	t3, (s1)		#   * only for its .aq
	bne	t2, t3, .Lwait		#   *
.Ltaken: sd	tp, LOCK_OWNER(s1)	#   *
	sd	t1, LOCK_WHERE(s1)	#   *
	lw	t0, HART_ASKED(tp)	# 5 *
	bnez	t0, .Lasked		#   *
.Lenter: jal	trap			# 6

#if DEBUG
	sd	zero, LOCK_OWNER(s1)
#endif
	amoadd.d.rl t0, s2, (s1)	# 7 * the next one is served
	bltz	t0, .Lwake		#   * LOCK_ASLEEP
	# From here on this hart has the frame for itself.
.Lreturn: lbu	t0, HART_STALE(tp)	# 8
	bnez	t0, .Lstale
.Lload:	bltz	a0, .Lsame
	leave	each_register		# 9

	# a0 = -frame: as trap_return_same, but for what this file has used
.Lsame:	neg	a0, a0
	leave	each_changed_here

	# sfence.vma after satp, as the order of the two is not given otherwise.
.Lstale: ld	t0, HART_SATP(tp)
	csrw	satp, t0
	sfence.vma
	sb	zero, HART_STALE(tp)
	j	.Lload

	# What C may change is kept in registers that it keeps.
.Lwait:	mv	s3, a0
	mv	s4, a1
	mv	s5, t1
	mv	a0, t2
	call	lock_wait
	mv	a0, s3
	mv	a1, s4
	mv	t1, s5
	j	.Ltaken

	# What was asked goes first, as an interrupt that came before the trap:
	# the process then takes the trap again.
.Lasked:	mv	s3, a0
	mv	a0, a1
	call	harts_asked
	mv	a1, a0			# the cause to handle
	mv	a0, s3
	j	.Lenter

	# a0 of the process is set, the rest is as it was
.Lfree:	mv	s1, a0
	jalr	t0
	mv	t0, a0
	mv	a0, s1
	ld	t1, FRAME_PC(a0)
	li	a1, CAUSE_ECALL_U
	beqz	t0, .Ltake		# it does need the lock
	addi	t1, t1, 4
	sd	t1, FRAME_PC(a0)
	leave	each_changed_free

.Lwake:	mv	s3, a0
	mv	a0, t0
	call	lock_wake
	mv	a0, s3
	j	.Lreturn

.Lfault:	j	kernel_fault
