# What the doors of traps have in common; a0 = the frame.  Both ways go through
# the same lists of registers, so that neither can miss one.

	.macro	each do, numbers:vararg
	.irp	n, \numbers
	\do	x\n, FRAME_REGS + \n * WORD(a0)
	.endr
	.endm
	.macro	each_changed do	# ra, sp, tp, t0 ... t6, a1 ... a7
	each	\do, 1,2,4,5,6,7,11,12,13,14,15,16,17,28,29,30,31
	.endm
	.macro	each_preserved do	# gp, which C leaves alone, s0 ... s11
	each	\do, 3,8,9,18,19,20,21,22,23,24,25,26,27
	.endm
	.macro	each_register do	# all but a0
	each_changed \do
	each_preserved \do
	.endm

	# mscratch = its a0.  Then a1 = the cause, t1 = the pc, and sp and tp
	# are the hart's: the stack ends at struct hart.
	.macro	store_frame
	each_register sd
	csrrw	t0, mscratch, zero	# 0: the hart is in the kernel now
	csrr	t1, mepc
	sd	t0, FRAME_REGS + 10 * WORD(a0)
	sd	t1, FRAME_PC(a0)
	ld	sp, FRAME_KSTACK(a0)
	mv	tp, sp
	csrr	a1, mcause
	.endm

	.macro	leave which		# by the frame in a0
	ld	t1, FRAME_PC(a0)
	ld	t2, FRAME_STATUS(a0)
	csrw	mepc, t1
	csrw	mstatus, t2
	csrw	mscratch, a0
	\which	ld
	ld	a0, FRAME_REGS + 10 * WORD(a0)
	mret
	.endm
