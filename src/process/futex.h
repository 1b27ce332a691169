// futex(): user code sleeps on a word of its memory until somebody wakes it.
// (Linux's futex(2); Drepper, "Futexes Are Tricky".)
#pragma once
#include <stdint.h>

struct process;

// Wakes up to `count` of those who wait for the word; how many.  0 if it is
// nowhere.
int futex_wake(struct process *process, uint64_t address, uint64_t count);

// Registers futex, set_robust_list and get_robust_list, and what happens to
// the words of a thread that ends.
void futex_init(void);
