// One page of code that the kernel gives to every program, just above its
// stack: a signal handler returns to it.
#pragma once
#include <stdint.h>

struct space;

// Maps it at the top of the stack.  0 or as space_add().
int64_t vdso_map(struct space *space);
