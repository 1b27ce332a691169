// What the thread library shares with itself.
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include "linux.h"

// Lies at the upper end of the thread's stack; tp points at it.  Of the first
// thread tp is 0, so a program without threads pays nothing.
struct thread {
	int error; // errno
	int tid; // 0 once it has ended: the kernel clears it
	int detached;
	void *(*run)(void *);
	void *arg, *result;
	char *stack;
	size_t size;
};

static inline struct thread *thread_self(void)
{
	struct thread *self;

	__asm__("mv %0, tp"
	        : "=r"(self));
	return self;
}

#define FUTEX_WAIT_PRIVATE 128
#define FUTEX_WAKE_PRIVATE 129
#define FUTEX_WAIT_BITSET_REALTIME (9 | 128 | 256) // until a time of day

// Sleeps if *word is still value; 0, or a negative Linux error.
static inline long futex_wait(int *word, int value)
{
	return CALL4(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0);
}

static inline long futex_wait_until(int *word, int value,
                                    const struct timespec *until)
{
	return raw_syscall(SYS_futex, word, FUTEX_WAIT_BITSET_REALTIME, value,
	                   until, 0, -1);
}

static inline void futex_wake(int *word, int count)
{
	CALL3(SYS_futex, word, FUTEX_WAKE_PRIVATE, count);
}

#define EVERYBODY 0x7fffffff
#define LINUX_ETIMEDOUT 110
