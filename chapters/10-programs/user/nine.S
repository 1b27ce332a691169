# The smallest program: exit(9), with no library at all.  The same file runs
# under qemu-riscv64.
	.globl	_start
_start:
	li	a0, 9
	li	a7, 93
	ecall
