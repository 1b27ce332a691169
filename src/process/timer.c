#include "process/timer.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "machine/mmio.h"
#include "machine/trap.h"
#include "process/sched.h"

#define TIMER_BUDGET 64          // deadlines in one pass through the kernel

// One hart keeps the deadlines, for all: it is armed for the next one, and
// takes its interrupt.  The others have an empty queue in their place.
static struct heapq deadlines, no_deadlines;
static struct hart *keeper;
static uint64_t idle_poll;       // ticks; 0: an idle hart has no tick

static inline uint64_t timer_next(struct hart *hart)
{
	struct heapq_node *first = heapq_min(hart->deadlines);

	return first && first->key < hart->tick ? first->key : hart->tick;
}

// An idle hart has no tick, so a machine that waits for input takes no
// interrupt.
static void timer_arm(struct hart *hart, bool idle)
{
	uint64_t when = timer_next(hart);

	if (idle && idle_poll && hart == keeper &&
	    clint_now() + idle_poll < when)
		when = clint_now() + idle_poll;
	timer_write(hart, when);
}

// Programmed anew only if it is the next one; the interrupt for one that was
// stopped just finds nothing due.
void timer_start(struct timer *timer, uint64_t deadline)
{
	LOCK_HELD();
	heapq_remove(&deadlines, &timer->node);
	timer->node.key = deadline;
	heapq_insert(&deadlines, &timer->node);
	if (heapq_min(&deadlines) == &timer->node)
		timer_arm(keeper, false);
}

void timer_stop(struct timer *timer)
{
	LOCK_HELD();
	heapq_remove(&deadlines, &timer->node);
}

// What is left over at the end of the budget is due still: the interrupt comes
// back as soon as this pass has ended.
static __attribute__((noinline)) void timer_expire(uint64_t now)
{
	for (int i = 0; i < TIMER_BUDGET; i++) {
		struct heapq_node *first = heapq_min(&deadlines);
		struct timer *timer;

		if (first == NULL || first->key > now)
			return;
		heapq_remove(&deadlines, first);
		timer = container_of(first, struct timer, node);
		timer->fire(timer);
	}
}

// Apart, so that a tick saves no registers for it.
static __attribute__((noinline)) struct trapframe *timer_between(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	clint_arm(timer_next(hart));
	if (sched_many)
		sched_many->crowded(hart, true);
	return sched_resume(frame);
}

// The next tick or deadline, whichever comes first.
static inline struct trapframe *timer_go_on(struct trapframe *frame, uint64_t now)
{
	struct hart *hart = this_hart();

	if (!sched_tick_due(hart, now))
		return timer_between(frame);
	clint_arm(timer_next(hart));
	return sched_rotate(frame);
}

static __attribute__((noinline)) struct trapframe *timer_late(struct trapframe *frame, uint64_t now)
{
	timer_expire(now);
	return timer_go_on(frame, now);
}

static struct trapframe *timer_interrupt(struct trapframe *frame, unsigned long cause)
{
	struct heapq_node *first = heapq_min(this_hart()->deadlines);
	uint64_t now = clint_now();
	(void)cause;

	if (first && first->key <= now)
		return timer_late(frame, now);
	return timer_go_on(frame, now);
}

void timer_join(void)
{
	this_hart()->deadlines = &no_deadlines;
}

void timer_init(void)
{
	keeper = this_hart();
	keeper->deadlines = &deadlines;
	if (board_arg_is("idle", "poll10ms"))
		idle_poll = board.timebase / 100;
	sched_always_tick = board_arg_is("tick", "always");
	sched_arm = timer_arm;
	trap_on_interrupt(INTERRUPT_TIMER, timer_interrupt);
}
