// Who runs next: two queues and one rotation.  What was just woken goes first;
// then the ring of those that used up their slice, rotated by one per tick.
// The same list serves as the executor of kernel tasks: whatever can take a
// turn is a struct task.
//
// Lock: the kernel lock protects both queues.
#pragma once
#include "lib/list.h"
#include "machine/hart.h"
#include <stdbool.h>
#include <stdint.h>

struct trapframe;

// What is polled is not finished: it has been parked, or is gone, and nothing
// of it may be touched any more.  No result is like it: errors end at -4095,
// and addresses are not negative.
#define PENDING (-4096)

// The call has put other registers into the frame of who runs: it has no result
// beside them.
#define REWRITTEN (-4097)

struct task {
	struct list node;        // in one of the two queues
	uint8_t queued;          // the mark of the hart whose; 0: in none
	uint8_t barred;          // harts that it may not run on, a bit each
	// Takes a turn.  Answers the frame to resume, or NULL if the task
	// has nothing to do for now; it may have freed itself.  A process that
	// has nothing to finish in the kernel has no run: its frame goes on.
	struct trapframe *(*run)(struct task *task);
	uint64_t used;           // ticks of mtime on the hart, as charged
};

// What more than one hart adds, each with queues of its own.  A process that is
// woken joins those of its waker's hart; harts with nothing to do help out.
struct sched_many {
	// Waits for an interrupt, with the lock released meanwhile.
	void (*sleep)(struct hart *hart);
	// Between two turns of kernel tasks: others may want the kernel.
	void (*breathe)(void);
	// Finds work for a hart that has none: whether it did.
	bool (*seek)(struct hart *hart);
	// The hart has more than it can run at once, now or since a while.
	void (*crowded)(struct hart *hart, bool since);
	// The slice of what runs is over, and others wait for this hart.
	// Whether it went elsewhere.
	bool (*share)(struct hart *hart);
	// A frame arrives from another hart.  false: it may not run here, and
	// went elsewhere.
	bool (*arrive)(struct hart *hart, struct task *task);
	// If the task runs on another hart: puts it among what was woken there,
	// and has the hart look.
	bool (*call)(struct task *task);
	// The other harts forget the translations of an address space before
	// this returns, and old text before they run any of it.
	void (*flush)(uint64_t satp, bool text);
	// It is no more: no hart has it loaded.
	void (*unload)(uint64_t satp);
};
extern const struct sched_many *sched_many;      // NULL: there is one hart

// Registers for the timer interrupt and empties the queues.
void sched_init(void);

// The hart on which the task runs right now; NULL: none.
struct hart *sched_runner(struct task *task);

// To the tail of one or the other queue of a hart, out of its own.
void sched_move(struct task *task, struct hart *hart, bool woken);

// Whether a second one wants the hart.
bool sched_crowded(struct hart *hart);

// To the tail of the ring, for sched_ready(); or of another hart's.
void sched_join(struct task *task);
void sched_join_on(struct hart *hart, struct task *task);

// Takes turns until one has a frame to resume; waits for interrupts while
// there is nothing to do.  The one place that switches.
struct trapframe *schedule(void);

// At the tail of the ring: a new process, or one that gives way.  A process
// stays in the ring while it runs, so that giving way is moving the front.
static inline void sched_ready(struct task *task)
{
	struct hart *hart = this_hart();

	if (hart->ring == &task->node)
		hart->ring = task->node.next;
	else if (!task->queued)
		sched_join(task);
}

// A task was woken while the hart does not tick: if it is not the only one, the
// hart must.
void sched_want_tick(struct hart *hart);

// At the tail of what was woken; no matter if it is queued already.
static inline void sched_wake(struct task *task)
{
	struct hart *hart = this_hart();

	if (task->queued)
		return;
	task->queued = hart->mark;
	list_add_tail(&hart->woken, &task->node);
	if (hart->tick == UINT64_MAX)
		sched_want_tick(hart);   // last, so that it is a jump
}

// Out of whichever queue it is in: it waits for something, or is no more.
void sched_unqueue(struct task *task);
static inline void sched_park(struct task *task)
{
	if (task->queued)
		sched_unqueue(task);
}
void sched_forget(struct task *task);

// task->run was set from outside: the task takes that turn before it goes on,
// wherever it is now.  The running one gets an interrupt of its own, which is
// taken before its next instruction, so that the way out of a system call need
// not look.
void sched_prod(struct task *task);

// In a turn of the task, before it has begun: interrupts are asked for, and a
// pass ends here.  The task runs on.
void sched_breathe(struct task *task);

// The running process gives way to the others.
struct trapframe *sched_yield(void);

// After an interrupt: goes on with the frame, or, if something was woken,
// switches to that.  NULL (the hart was idle) stays NULL.
struct trapframe *sched_resume(struct trapframe *frame);

// The time since it was last asked is charged to who runs now.  That is asked
// when somebody looks, and where a few instructions do not show: when an
// interrupt leads to somebody else, the hart goes idle, a process begins or
// ends, waits for a child, or is polled.  The short ways from one process to
// another (a yield, a byte in a pipe) are not among them: there, as with a
// clock that ticks, what is charged to whom is true in the long run only.
void sched_charge(void);
void sched_charge_hart(struct hart *hart);       // one that runs something

// The same for what runs on any hart: for who asks about others.
void sched_charge_all(void);

// The timer interrupt at time `now` (in ticks of mtime): is the slice over?
// Then the next one begins, and sched_rotate() says whose it is.
extern uint64_t sched_slice;
static inline bool sched_tick_due(struct hart *hart, uint64_t now)
{
	if (now < hart->tick)
		return false;
	hart->tick += sched_slice;
	if (hart->tick <= now)           // the hart was away for long
		hart->tick = now + sched_slice;
	return true;
}
struct trapframe *sched_rotate(struct trapframe *frame);

// Programs the timer of the hart for its next tick; a higher floor that keeps
// deadlines replaces it, and is called before a hart goes idle as well.
extern void (*sched_arm)(struct hart *hart, bool idle);

// Also tick when only one process can run ("tick=always"; for measuring).
extern bool sched_always_tick;
