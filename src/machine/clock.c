#include "machine/clock.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/mmio.h"
#include "machine/trap.h"

// Google goldfish RTC: reading the low half latches the high one.
#define RTC_TIME_LOW  0x00
#define RTC_TIME_HIGH 0x04

static uint64_t boot;            // real time at mtime 0, in ns
static uint64_t ns_per_tick;     // 0: a tick is no whole number of ns

// Without a clock that knows the day, whoever boots the machine may say it:
// epoch=, in seconds since 1970.
static uint64_t clock_told(void)
{
	size_t length;
	const char *text = board_arg("epoch", &length);
	uint64_t seconds = 0;

	for (; text && length && *text >= '0' && *text <= '9'; length--)
		seconds = seconds * 10 + (*text++ - '0');
	return seconds * NANOSECONDS;
}

static uintptr_t clock_read_csr(uintptr_t unused)
{
	(void)unused;
	return csr_read(time);
}

// On 32 bits it would come in two halves.
static bool clock_in_csr(void)
{
	uintptr_t now;

	return sizeof now == sizeof(uint64_t) &&
	       trap_try(clock_read_csr, 0, &now) == 0;
}

void clock_join(void)
{
	this_hart()->time = board.clint + CLINT_MTIME;
	this_hart()->alarm = board.clint + CLINT_MTIMECMP(this_hart()->id);
	this_hart()->time_csr = clock_in_csr();
	clint_arm(CLINT_NEVER);
}

void clock_init(void)
{
	uint64_t now;

	clock_join();
	if (NANOSECONDS % board.timebase == 0)
		ns_per_tick = NANOSECONDS / board.timebase;
	if (board.rtc == 0) {
		boot = clock_told();
		return;
	}
	now = read32(board.rtc + RTC_TIME_LOW);
	now |= (uint64_t)read32(board.rtc + RTC_TIME_HIGH) << 32;
	boot = now - clock_monotonic();
}

uint64_t clock_ns(uint64_t ticks)
{
	uint64_t hz = board.timebase;

	if (ns_per_tick)
		return ticks * ns_per_tick;
	// In two parts, so that the product does not overflow.
	return ticks / hz * NANOSECONDS + ticks % hz * NANOSECONDS / hz;
}

uint64_t clock_ticks(uint64_t ns)
{
	uint64_t hz = board.timebase;
	uint64_t seconds = ns / NANOSECONDS, rest = ns % NANOSECONDS;

	if (ns_per_tick)
		return ns / ns_per_tick + (ns % ns_per_tick != 0);
	return seconds * hz + (rest * hz + NANOSECONDS - 1) / NANOSECONDS;
}

uint64_t clock_monotonic(void)
{
	return clock_ns(clint_time());
}

uint64_t clock_realtime(void)
{
	return boot + clock_monotonic();
}

uint64_t clock_boot(void)
{
	return boot;
}
