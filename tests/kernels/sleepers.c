// Ten thousand processes on one page of code sleep until deadlines drawn at
// random.  They wake in the order of their deadlines, each never early.  That
// takes that all are asleep before the first deadline; on a host too slow for
// this they begin again, with twice the time.
#include "common.h"

#define SLEEPERS 10000
#define SPAN     500000000ul     // ns

static struct timespec deadlines[SLEEPERS];
static uint64_t last, latest;
static uint64_t lead = NANOSECONDS;      // from the birth of the first
static uint64_t start;                   // no deadline is before it
static bool in_time;                     // all slept then
static int ended;                        // the sleepers, and who comes last
static size_t frames;

// All that it needs is in its registers when it is born.
asm(".text\n"
    "sleeping:\n"
    "	li	a7, 115\n"       // clock_nanosleep
    "	ecall\n"
    "	li	a7, 500\n"
    "	ecall\n"
    "coming_last:\n"
    "	li	a7, 501\n"
    "	ecall\n");
extern char sleeping[], coming_last[];

static uint64_t draw(void)
{
	static uint64_t state = 88172645463325252ul;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void begin(void)
{
	struct process *p;

	in_time = false;
	ended = 0;
	last = latest = 0;
	start = clock_monotonic() + lead;
	for (int i = 0; i < SLEEPERS; i++) {
		uint64_t ns = start + draw() % SPAN;

		p = process_new("", (uintptr_t)sleeping, 0);
		// It shares its millisecond.
		if (i % 2 && ns / 1000000 * 1000000 >= start)
			ns = ns / 1000000 * 1000000;
		deadlines[i] = timespec_of(ns);
		p->frame.regs[A0] = 1;           // CLOCK_MONOTONIC
		p->frame.regs[A1] = 1;           // TIMER_ABSTIME
		p->frame.regs[A2] = (uintptr_t)&deadlines[i];
		sched_ready(&p->task);
	}
	p = process_new("", (uintptr_t)coming_last, 0);
	sched_ready(&p->task);
}

static void finish(void)
{
	heap_trim();
	CHECK(process_count == 0);
	CHECK(page_free_count() == frames);
	kprintf("%d slept, in order, none was early, the latest by %lu us\n",
	        SLEEPERS, latest / 1000);
	board.poweroff(0);
}

static int64_t end(struct process *process)
{
	process_end(process);
	process_free(process);
	if (++ended <= SLEEPERS)
		return PENDING;
	if (in_time) {
		finish();
	} else {
		lead *= 2;
		begin();
	}
	return PENDING;
}

// It is its turn after that of all the sleepers.
static int64_t all_asleep(struct call *call)
{
	in_time = clock_monotonic() < start;
	return end(call->process);
}

static int64_t woke(struct call *call)
{
	uint64_t now = clock_monotonic();
	const struct timespec *t = (void *)call->arg[2];
	uint64_t deadline = t->seconds * NANOSECONDS + t->nanoseconds;

	CHECK(call->arg[0] == 0);
	CHECK(now >= deadline);
	CHECK(!in_time || clock_ticks(deadline) >= last);
	last = clock_ticks(deadline);
	if (now - deadline > latest)
		latest = now - deadline;
	return end(call->process);
}

static const struct syscall rows[] = {
	SYSCALL(500, woke, woke, "none"),
	SYSCALL(501, all_asleep, all_asleep, "none"),
};

void main(unsigned long hartid, uintptr_t fdt)
{
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
	begin();
	trap_return(schedule());
}
