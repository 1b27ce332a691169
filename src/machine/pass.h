// How long the kernel keeps the hart: the longest pass from a trap to the next
// mret, in instructions.  Counting costs a few of them, so it is asked for.
#pragma once
#include <stdint.h>

// Counts from now on: the start of the machine, up to the first process, is not
// in it.  After all handlers are registered.
void pass_count(void);

// The longest of any hart since the last time that this was asked; 0: not
// counting.  The way in and out of the kernel, 80 or so, is not in it.
uint64_t pass_longest(void);
