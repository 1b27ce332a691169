# Where a program starts that was put anywhere: on harts without an MMU.  All
# that it does is what a dynamic linker would do for a program that needs no
# library: each entry of .rela.dyn names a word, counted from the program's
# start, and what it shall hold, counted likewise.  (RISC-V ELF psABI,
# R_RISCV_RELATIVE: B + A.  The linker makes no other kind here.)
#
#	sp	as _start wants it; everything else is 0

	.section .text.start, "ax", @progbits
	.globl _start_anywhere
	.type _start_anywhere, @function
_start_anywhere:
	lla	t0, _rela_start
	lla	t1, _rela_end
	lla	t2, __ehdr_start	# linked at 0, so this is how far we are
1:	bgeu	t0, t1, _start
	ld	t3, 0(t0)		# r_offset
	ld	t4, 16(t0)		# r_addend
	addi	t0, t0, 24
	add	t3, t3, t2
	add	t4, t4, t2
	sd	t4, 0(t3)
	j	1b
	.size _start_anywhere, . - _start_anywhere
