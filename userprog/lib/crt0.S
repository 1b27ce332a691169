# Where a program starts.  The kernel hands over as Linux does:
#	sp	16-byte aligned, and above it argc, argv.., 0, envp.., 0, auxv..
#	rest	0
# bss is zero already: its pages are fresh, so nothing is cleared here, and a
# page that no program touches is never allocated.

	.section .text.start, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	.option push
	.option norelax			# gp cannot be relative to itself
	la	gp, __global_pointer$
	.option pop

	ld	s0, 0(sp)		# argc
	addi	s1, sp, 8		# argv
	slli	t0, s0, 3
	add	s2, s1, t0
	addi	s2, s2, 8		# envp, behind the 0 of argv

	# Storing environ costs a page of private data, so only programs that
	# link getenv() and its kin pay for it: a weak symbol is 0 elsewhere.
	.weak	environ
	la	t0, environ
	beqz	t0, 1f
	sd	s2, 0(t0)
1:	.weak	start_environ		# getauxval() looks behind this one
	la	t0, start_environ
	beqz	t0, construct
	sd	s2, 0(t0)

construct:				# constructors get argc, argv, envp
	lla	s3, __init_array_start
	lla	s4, __init_array_end
1:	bgeu	s3, s4, run
	ld	t0, 0(s3)
	mv	a0, s0
	mv	a1, s1
	mv	a2, s2
	jalr	t0
	addi	s3, s3, 8
	j	1b

run:	mv	a0, s0
	mv	a1, s1
	mv	a2, s2
	call	main
	call	exit			# runs atexit() and flushes stdio
	.size _start, . - _start
