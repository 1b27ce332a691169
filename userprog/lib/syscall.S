# The calls that C cannot make.

# long raw_syscall(long nr, long a, long b, long c, long d, long e, long f)
# The answer is the kernel's own: a value, or a negative Linux error.
	.section .text.raw_syscall, "ax", @progbits
	.globl raw_syscall
	.type raw_syscall, @function
raw_syscall:
	mv	a7, a0
	mv	a0, a1
	mv	a1, a2
	mv	a2, a3
	mv	a3, a4
	mv	a4, a5
	mv	a5, a6
	ecall
	ret
	.size raw_syscall, . - raw_syscall

# pid_t vfork(void)
# The child runs on our stack until it executes another program, and may write
# over the frames below.  So the way back must lie in a register: the child's
# ra is a copy of ours, and ours is kept in the kernel.
	.section .text.vfork, "ax", @progbits
	.globl vfork
	.type vfork, @function
vfork:
	li	a7, 220			# clone
	li	a0, 0x4111		# CLONE_VFORK | CLONE_VM | SIGCHLD
	li	a1, 0			# on the same stack
	ecall
	bltz	a0, 1f
	ret
1:	tail	linux_result
	.size vfork, . - vfork

# long clone_thread(flags, stack, ptid, tls, ctid, fn, arg)
# The new thread starts on an empty stack, so it calls fn(arg) from here.
	.section .text.clone_thread, "ax", @progbits
	.globl clone_thread
	.type clone_thread, @function
clone_thread:
	andi	a1, a1, -16
	li	a7, 220
	ecall
	beqz	a0, 1f
	ret
1:	mv	a0, a6			# a5, a6 are ours: clone takes five
	jalr	a5
	li	a7, 93			# exit: this thread only
	ecall
	.size clone_thread, . - clone_thread
