// One page of code that the kernel gives to every program, just above its
// stack: a signal handler returns to it.
#pragma once

struct space;

// Maps it at the top of the stack.  0 or -ENOMEM.
int vdso_map(struct space *space);
