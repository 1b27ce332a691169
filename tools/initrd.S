// The initial root as the kernel finds it; FILE is given on the command line.
    .section .initrd, "a"
    .balign 4096
    .globl initrd_start, initrd_end
initrd_start:
    .incbin FILE
initrd_end:
