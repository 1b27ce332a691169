#include "process/sched.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/trap.h"
#include "process/float.h"

#define TICKS_PER_SECOND 100     // so a slice is 10 ms

static struct list woken = LIST_INIT(woken);
static struct list ring = LIST_INIT(ring);

static void sched_arm_tick(struct hart *hart, bool idle)
{
	clint_arm(hart->ticking && !idle ? hart->tick : CLINT_NEVER);
}

static void sched_load_nothing(struct trapframe *frame)
{
	(void)frame;
}

void (*sched_arm)(struct hart *hart, bool idle) = sched_arm_tick;
void (*sched_load_space)(struct trapframe *frame) = sched_load_nothing;
bool sched_always_tick;

// Somebody waits for a turn while another runs: from now on the ring rotates.
static void sched_start_ticking(struct hart *hart)
{
	hart->ticking = true;
	hart->tick = clint_now() + board.timebase / TICKS_PER_SECOND;
	sched_arm(hart, false);
}

static void sched_queue(struct list *queue, struct task *task)
{
	struct hart *hart = this_hart();

	if (task->queued)
		return;
	task->queued = true;
	list_add_tail(queue, &task->node);
	if (!hart->ticking && hart->running)
		sched_start_ticking(hart);
}

void sched_ready(struct task *task)
{
	sched_queue(&ring, task);
}

void sched_wake(struct task *task)
{
	sched_queue(&woken, task);
}

void sched_forget(struct task *task)
{
	struct hart *hart = this_hart();

	if (task->queued)
		list_remove(&task->node);
	task->queued = false;
	if (hart->running == task)
		hart->running = NULL;
}

// Sleeps until an interrupt, and handles it.  With MIE off, wfi returns when
// one is pending, so none is lost between the look at the queues and here.
// (Privileged Architecture 1.12, section 3.3.3.)
static void sched_idle(struct hart *hart)
{
	hart->running = NULL;
	hart->ticking = false;
	sched_arm(hart, true);
	asm volatile("wfi");
	trap_poll_interrupts();
}

static struct task *sched_next(struct hart *hart)
{
	struct list *first = woken.next;
	struct task *task;

	if (first == &woken || (hart->ring_turn && !list_empty(&ring)))
		first = ring.next;
	hart->ring_turn = false;
	if (first == &ring)
		return NULL;
	first->prev->next = first->next;
	first->next->prev = first->prev;
	task = container_of(first, struct task, node);
	task->queued = false;
	return task;
}

struct trapframe *schedule(void)
{
	struct hart *hart = this_hart();
	struct trapframe *frame = NULL;

	if (hart->floating)
		float_leave(hart);
	while (frame == NULL) {
		struct task *task = sched_next(hart);

		if (task == NULL) {
			sched_idle(hart);
			continue;
		}
		hart->running = task;
		frame = task->run(task);
	}
	if (!hart->ticking &&
	    (sched_always_tick || !list_empty(&ring) || !list_empty(&woken)))
		sched_start_ticking(hart);
	if (frame->satp != hart->satp)
		sched_load_space(frame);
	frame->kstack = hart;
	frame->hartid = hart->id;
	return frame;
}

struct trapframe *sched_yield(void)
{
	sched_ready(this_hart()->running);
	return schedule();
}

struct trapframe *sched_resume(struct trapframe *frame)
{
	struct task *task = this_hart()->running;

	if (frame == NULL || list_empty(&woken))
		return frame;
	// It keeps the rest of its slice, and its place at the front.  What
	// is queued already was woken itself: it has been killed.
	if (!task->queued)
		list_add_head(&ring, &task->node);
	task->queued = true;
	return schedule();
}

bool sched_tick_due(struct hart *hart, uint64_t now)
{
	uint64_t slice = board.timebase / TICKS_PER_SECOND;

	if (!hart->ticking || now < hart->tick)
		return false;
	hart->tick += slice;
	if (hart->tick <= now)           // the hart was away for long
		hart->tick = now + slice;
	return true;
}

struct trapframe *sched_rotate(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	if (list_empty(&ring) && list_empty(&woken)) {
		hart->ticking = sched_always_tick;
		return frame;
	}
	hart->ring_turn = true;
	return frame ? sched_yield() : NULL;
}

static struct trapframe *sched_timer(struct trapframe *frame, uint64_t cause)
{
	struct hart *hart = this_hart();
	(void)cause;

	if (sched_tick_due(hart, clint_now()))
		frame = sched_rotate(frame);
	sched_arm(hart, frame == NULL);
	return frame;
}

void sched_init(void)
{
	trap_on_interrupt(INTERRUPT_TIMER, sched_timer);
}
