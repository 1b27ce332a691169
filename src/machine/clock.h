// Time for people: nanoseconds, and what day it is.
#pragma once
#include <stdint.h>

#define NANOSECONDS 1000000000ul

// Disarms the timer (its interrupt is pending since reset, mtimecmp being 0)
// and reads the real-time clock, where there is one.
void clock_init(void);

// The same for a further hart, which needs no more.
void clock_join(void);

uint64_t clock_monotonic(void);  // ns since reset
uint64_t clock_realtime(void);   // ns since 1970; since reset without an RTC
uint64_t clock_boot(void);       // what clock_realtime() said at reset

// Converts a duration; clock_ticks() rounds up, so that a sleeper is never
// early, and is at most CLINT_NEVER / 2.
uint64_t clock_ns(uint64_t ticks);
uint64_t clock_ticks(uint64_t ns);
