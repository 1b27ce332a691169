// Many system calls with one: batch() submits an array of calls, each an
// ordinary one.  Those that must wait complete later, in any order.
#pragma once
#include <stdint.h>

// number and argument are the caller's, the rest the kernel's.  An array of
// them is static, or aligned like this.
struct batch_call {
	uint32_t number;         // SYS_...
	uint32_t status;         // 0 new, 1 in flight, 2 done
	uint64_t argument[6];
	int64_t result;          // of a call that is done: the value, or a
	                         // negative Linux errno
} __attribute__((aligned(64)));

// Starts all calls and returns how many are done, as soon as that is `wanted`
// or more; -1 with errno if none could be started.  *done, if not NULL, is
// increased at every completion and woken as a futex.
int batch(struct batch_call *calls, int count, int wanted, uint32_t *done);

// A call in flight ends, with the result -ECANCELED or what it has so far.
int batch_cancel(struct batch_call *call);
