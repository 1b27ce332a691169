#include "process/sched.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "machine/mmio.h"
#include "machine/trap.h"
#include "process/float.h"
#include "process/process.h"

#define TICKS_PER_SECOND 100     // so a slice is 10 ms

static void sched_arm_tick(struct hart *hart, bool idle)
{
	timer_write(hart, idle ? CLINT_NEVER : hart->tick);
}

void (*sched_arm)(struct hart *hart, bool idle) = sched_arm_tick;
bool sched_always_tick;
uint64_t sched_slice;

// ---- the queues -------------------------------------------------------------

// The ring has no head of its own: hart->ring is the front, and what is linked
// before the front is at the tail.
static void ring_insert(struct hart *hart, struct list *node)
{
	if (hart->ring)
		list_insert(hart->ring, node);
	else
		hart->ring = node;       // a ring of one, by list_init()
}

static void sched_unlink(struct hart *hart, struct list *node)
{
	if (hart->ring == node)
		hart->ring = node->next == node ? NULL : node->next;
	list_remove(node);
}

bool sched_crowded(struct hart *hart)
{
	struct list *ring = hart->ring, *woken = hart->woken.next;
	int count = hart->running && !hart->running->queued;

	if (ring)
		count += ring->next == ring ? 1 : 2;
	if (woken != &hart->woken)
		count += woken->next == &hart->woken ? 1 : 2;
	return count > 1;
}

void sched_want_tick(struct hart *hart)
{
	if (hart->tick != CLINT_NEVER ||
	    !(sched_crowded(hart) || sched_always_tick))
		return;
	hart->tick = clint_time() + sched_slice;
	sched_arm(hart, false);
	if (sched_many)
		sched_many->crowded(hart, false);
}

void sched_join_on(struct hart *hart, struct task *task)
{
	LOCK_HELD();
	task->queued = hart->mark;
	list_init(&task->node);
	ring_insert(hart, &task->node);
	sched_want_tick(hart);
}

void sched_join(struct task *task)
{
	sched_join_on(this_hart(), task);
}

void sched_unqueue(struct task *task)
{
	struct hart *hart = this_hart();

	LOCK_HELD();
	if (task->queued != hart->mark)
		hart = hart_of(task->queued - 1);
	sched_unlink(hart, &task->node);
	task->queued = 0;
}

void sched_charge_hart(struct hart *hart)
{
	uint64_t now = clint_time();

	if (hart->running)
		hart->running->used += now - hart->charged;
	hart->charged = now;
}

void sched_charge(void)
{
	sched_charge_hart(this_hart());
}

void sched_forget(struct task *task)
{
	struct hart *hart = this_hart();

	sched_park(task);
	if (hart->running == task) {
		sched_charge();
		hart->running = NULL;
	}
}

// ---- who is next ------------------------------------------------------------

// Sleeps until an interrupt, and handles it.  With MIE off, wfi returns when
// one is pending, so none is lost between the look at the queues and here.
// (Privileged Architecture 1.12, section 3.3.3.)
static void sched_idle(struct hart *hart)
{
	uint64_t start;

	if (sched_many && sched_many->seek(hart))
		return;
	sched_charge();
	start = hart->charged;
	hart->tick = CLINT_NEVER;
	sched_arm(hart, true);
	if (sched_many)
		sched_many->sleep(hart);
	else
		asm volatile("wfi");
	sched_charge();
	hart->idle += hart->charged - start;
	trap_poll_interrupts();
}

// A process in the ring stays there; everything else comes out for its turn.
static struct task *sched_next(struct hart *hart)
{
	struct list *first = hart->woken.next;
	struct task *task;

	if (hart->ring && (first == &hart->woken || hart->ring_turn))
		first = hart->ring;
	hart->ring_turn = false;
	if (first == &hart->woken)
		return NULL;
	task = container_of(first, struct task, node);
	if (task->run || first != hart->ring)
		sched_park(task);
	return task;
}

static inline struct trapframe *sched_load_memory(struct trapframe *frame, struct hart *hart)
{
	if (frame->satp == hart->satp)
		return frame;
	if (__builtin_expect(hart->load != NULL, false))
		return hart->load(frame);
	hart->satp = frame->satp;
	csr_write(satp, frame->satp);
	asm volatile("sfence.vma" ::: "memory");
	return frame;
}

// What comes before and after is a pass each.
void sched_breathe(struct task *task)
{
	this_hart()->running = NULL;
	if (trap_boundary)
		trap_boundary();
	trap_poll_interrupts();
	this_hart()->running = task;
}

// Kernel tasks alone could keep the hart for ever, for interrupts are off here:
// so they are asked for after each turn that leads to no process.
static struct trapframe *sched_turn(struct hart *hart, struct task *task)
{
	struct trapframe *frame = task->run(task);

	if (frame == NULL) {
		hart->running = NULL;    // it may be gone
		if (trap_boundary)
			trap_boundary();
		if (sched_many)
			sched_many->breathe();
		trap_poll_interrupts();
	}
	return frame;
}

static struct trapframe *sched_find(struct hart *hart)
{
	struct trapframe *frame = NULL;

	sched_charge();
	if (hart->floating)
		float_leave(hart);
	while (frame == NULL) {
		struct task *task = sched_next(hart);

		hart->running = task;
		if (task == NULL)
			sched_idle(hart);
		else if (task->run)
			frame = sched_turn(hart, task);
		else
			frame = &process_of_task(task)->frame;
	}
	return frame;
}

// From another hart; or from none, or as if: then it may not be allowed here.
static __attribute__((noinline)) struct trapframe *sched_arrive(struct trapframe *frame, struct hart *hart)
{
	while (sched_many && frame->kstack != hart &&
	       !sched_many->arrive(hart, hart->running))
		frame = sched_find(hart);
	frame->kstack = hart;
	frame->hartid = hart->id;
	return sched_load_memory(frame, hart);
}

// The frame goes on, on this hart and with its own memory.
static inline struct trapframe *sched_load(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	if (frame->kstack != hart)
		return sched_arrive(frame, hart);
	return sched_load_memory(frame, hart);
}

static __attribute__((noinline)) struct trapframe *sched_search(void)
{
	return sched_load(sched_find(this_hart()));
}

// What was woken, and has nothing to finish in the kernel, just goes on.
static inline struct trapframe *sched_load_woken(struct hart *hart, struct list *first)
{
	struct task *task = container_of(first, struct task, node);

	if (task->run)
		return sched_search();
	list_unlink(first);              // sched_wake() links it anew
	task->queued = 0;
	hart->running = task;
	return sched_load(&process_of_task(task)->frame);
}

// Most often somebody simply goes on, so that comes first.
struct trapframe *schedule(void)
{
	struct hart *hart = this_hart();
	struct list *front = hart->ring;
	struct task *task;

	LOCK_HELD();
	if (hart->floating)
		return sched_search();
	if (!list_empty(&hart->woken))
		return sched_load_woken(hart, hart->woken.next);
	if (!front)
		return sched_search();
	task = container_of(front, struct task, node);
	if (task->run)
		return sched_search();
	hart->running = task;
	return sched_load(&process_of_task(task)->frame);
}

__attribute__((noinline)) struct trapframe *sched_yield(void)
{
	sched_ready(this_hart()->running);
	return schedule();
}

struct trapframe *sched_resume(struct trapframe *frame)
{
	struct hart *hart = this_hart();
	struct task *task = hart->running;

	if (frame == NULL)
		return NULL;
	// One that was woken itself and is not in the ring keeps its turn: so
	// those that were woken go on in the order of their wakers.
	if (!task->run && (!task->queued || list_empty(&hart->woken)))
		return frame;
	// It keeps the rest of its slice, and its place at the front.
	if (!task->queued) {
		sched_ready(task);
		hart->ring = &task->node;
	}
	sched_charge();
	return schedule();
}

// Out of the ring, if it is there: it does not wait behind those that are busy.
void sched_prod(struct task *task)
{
	if (sched_many && sched_many->call(task))
		return;
	sched_park(task);
	sched_wake(task);
	if (this_hart()->running == task)
		clint_ring(this_hart()->id);
}

static struct trapframe *sched_doorbell(struct trapframe *frame, unsigned long cause)
{
	(void)cause;
	clint_answer();
	return sched_resume(frame);
}

// ---- the tick ---------------------------------------------------------------

static __attribute__((noinline)) struct trapframe *sched_stop_ticking(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	hart->tick = CLINT_NEVER;
	sched_arm(hart, false);
	return frame;
}

static bool sched_alone(struct hart *hart)
{
	struct list *front = hart->ring;

	return list_empty(&hart->woken) &&
	       (!front || (front->next == front && hart->running &&
	                   front == &hart->running->node));
}

static __attribute__((noinline)) struct trapframe *sched_next_slice(bool woken)
{
	sched_charge();
	if (!sched_many || !sched_many->share(this_hart()))
		sched_ready(this_hart()->running);
	return woken ? sched_search() : schedule();
}

struct trapframe *sched_rotate(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	if (!sched_alone(hart)) {
		// The ring and what was woken take turns: neither starves.
		bool woken = frame && !hart->running->queued;

		// The tick is older than its turn, which may have just begun:
		// so the first one does not count, and those that were woken
		// go on in their order.
		hart->grace = woken && !hart->grace;
		if (hart->grace)
			return frame;
		hart->ring_turn = woken;
		if (frame == NULL)
			return NULL;
		return sched_next_slice(woken);
	}
	return sched_always_tick ? frame : sched_stop_ticking(frame);
}

static struct trapframe *sched_timer(struct trapframe *frame, unsigned long cause)
{
	struct hart *hart = this_hart();
	bool due = sched_tick_due(hart, clint_now());
	(void)cause;

	sched_arm(hart, frame == NULL);
	return due ? sched_rotate(frame) : frame;
}

void sched_init(void)
{
	sched_slice = board.timebase / TICKS_PER_SECOND;
	trap_on_interrupt(INTERRUPT_TIMER, sched_timer);
	trap_on_interrupt(INTERRUPT_SOFTWARE, sched_doorbell);
}
