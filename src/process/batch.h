// Calls in batches: one system call submits an array of calls.  Each is an
// ordinary call, polled by the same handlers; those that must wait complete
// later, in any order.
#pragma once
#include <stdint.h>

#define SYS_BATCH        1100
#define SYS_BATCH_CANCEL 1101

// An entry in user memory, 64-byte aligned.  User code sets number and
// argument; the kernel sets the rest.
struct batch_entry {
	uint32_t number;
	uint32_t status;         // enum batch_status
	uint64_t argument[6];
	int64_t result;          // once it is done
};

enum batch_status { BATCH_NEW = 0, BATCH_IN_FLIGHT = 1, BATCH_DONE = 2 };

#define BATCH_MOST 1024          // entries in one submission, and in flight

// batch(entries, count, wanted, counter): starts `count` calls and returns how
// many of them are done when that is `wanted` or more.  counter, if not 0, is
// a futex word that counts every completion, and is woken.
// batch_cancel(entry): a call in flight ends with -ECANCELED, or with what it
// has.  0, -ENOENT if it is not in flight.
void batch_init(void);
