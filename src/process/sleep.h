// Time for processes: nanosleep, clock_nanosleep, clock_gettime,
// clock_getres and gettimeofday.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct process;

// Linux's struct timespec on 64 bits.
struct timespec {
	int64_t seconds;
	int64_t nanoseconds;     // 0 ... 999,999,999
};

struct timespec timespec_of(uint64_t ns);

// Reads a duration or a point in time: nanoseconds (UINT64_MAX / 4 at most)
// to *ns.  0, -EINVAL for what is no time, -EFAULT, PENDING.
int64_t timespec_copy_in(struct process *process, uint64_t address, uint64_t *ns);

// The deadline on mtime that lies `ns` from now; CLINT_NEVER for ages.
uint64_t sleep_deadline(uint64_t ns);

// For the clocks of CPU time: what a process, or this thread of it, has used
// until now, in ns.  A higher floor sets it; until then it is time itself.
extern uint64_t (*sleep_used)(struct process *process, bool whole);

void sleep_init(void);
