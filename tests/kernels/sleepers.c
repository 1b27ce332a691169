// Ten thousand processes on one page of code sleep until deadlines drawn at
// random.  They wake in the order of their deadlines, each never early.
#include "common.h"

#define SLEEPERS 10000
#define SPAN     500000000ul     // ns

static struct timespec deadlines[SLEEPERS];
static uint64_t last, latest;
static int awake;
static size_t frames;

// All that it needs is in its registers when it is born.
asm(".text\n"
    "sleeping:\n"
    "	li	a7, 115\n"       // clock_nanosleep
    "	ecall\n"
    "	li	a7, 500\n"
    "	ecall\n");
extern char sleeping[];

static uint64_t draw(void)
{
	static uint64_t state = 88172645463325252ul;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void finish(void)
{
	heap_trim();
	CHECK(process_count == 0);
	CHECK(page_free_count() == frames);
	kprintf("%d slept, in order, none was early, the latest by %lu us\n",
	        awake, latest / 1000);
	board.poweroff(0);
}

static int64_t woke(struct call *call)
{
	uint64_t now = clock_monotonic();
	const struct timespec *t = (void *)call->arg[2];
	uint64_t deadline = t->seconds * NANOSECONDS + t->nanoseconds;

	CHECK(call->arg[0] == 0);
	CHECK(now >= deadline);
	CHECK(clock_ticks(deadline) >= last);
	last = clock_ticks(deadline);
	if (now - deadline > latest)
		latest = now - deadline;
	process_end(call->process);
	process_free(call->process);
	if (++awake == SLEEPERS)
		finish();
	return PENDING;
}

static const struct syscall rows[] = { SYSCALL(500, woke, woke, "none") };

void main(unsigned long hartid, uintptr_t fdt)
{
	uint64_t start;
	(void)hartid;

	start_floors(fdt);
	SYSCALL_REGISTER(rows);
	sched_slice *= 1000; // who was woken says so before the next one does
	CHECK(clock_ticks(0) == 0);              // rounded up, at 10 MHz
	CHECK(clock_ticks(1) == 1);
	CHECK(clock_ticks(100) == 1);
	CHECK(clock_ticks(101) == 2);
	heap_trim();
	frames = page_free_count();
	start = clock_monotonic() + NANOSECONDS;
	for (int i = 0; i < SLEEPERS; i++) {
		struct process *p = process_new("", (uintptr_t)sleeping, 0);
		uint64_t ns = start + draw() % SPAN;

		if (i % 2)               // it shares its millisecond
			ns = ns / 1000000 * 1000000;
		deadlines[i] = timespec_of(ns);
		p->frame.regs[A0] = 1;           // CLOCK_MONOTONIC
		p->frame.regs[A1] = 1;           // TIMER_ABSTIME
		p->frame.regs[A2] = (uintptr_t)&deadlines[i];
		sched_ready(&p->task);
	}
	trap_return(schedule());
}
