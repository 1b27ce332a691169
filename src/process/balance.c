#include "process/balance.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/mmio.h"
#include "process/harts.h"

#define CALL_NS 200000           // crowded for so long, a hart calls for help
#define LOOKS   16               // at what waits, for something to take over

static uint64_t idle;            // harts that sleep, a bit each

void balance_sleeps(struct hart *hart, bool sleeps)
{
	idle = (idle & ~(1ul << hart->id)) | (uint64_t)sleeps << hart->id;
}

static void balance_ring_idle(void)
{
	if (idle)
		harts_ask(hart_next(idle, 0), HART_TURN);
}

// ---- taking over ------------------------------------------------------------

static bool balance_may_take(struct hart *hart, struct task *task, struct hart *from)
{
	return task != from->running && balance_allows(task, hart);
}

// The one that has waited longest among what was woken; else the last of the
// ring, whose turn is farthest away.
static struct task *balance_find(struct hart *hart, struct hart *from, bool *woken)
{
	struct list *node = from->woken.next;
	int looks = LOOKS;

	*woken = true;
	for (; node != &from->woken && looks--; node = node->next) {
		struct task *task = container_of(node, struct task, node);

		if (balance_may_take(hart, task, from))
			return task;
	}
	*woken = false;
	node = from->ring;
	for (looks = LOOKS; node && looks--;) {
		struct task *task;

		node = node->prev;
		task = container_of(node, struct task, node);
		if (balance_may_take(hart, task, from))
			return task;
		if (node == from->ring)
			break;
	}
	return NULL;
}

static bool balance_take(struct hart *hart, struct hart *from)
{
	bool woken;
	struct task *task = balance_find(hart, from, &woken);

	if (task == NULL)
		return false;
	sched_move(task, hart, woken);
	// So that it calls again as soon as it is crowded again.
	if (!sched_crowded(from))
		from->tick = CLINT_NEVER;
	else
		balance_ring_idle();
	return true;
}

bool balance_seek(struct hart *hart)
{
	HARTS_EACH(from, harts_online)
		if (from != hart && balance_take(hart, from))
			return true;
	return false;
}

// The alarm is no tick of the hart's: it comes in between.
void balance_crowded(struct hart *hart, bool since)
{
	if (idle == 0)
		return;
	if (!since)
		timer_write(hart, clint_now() + clock_ticks(CALL_NS));
	else if (sched_crowded(hart))
		balance_ring_idle();
}

// ---- equal shares -----------------------------------------------------------

// Those that compute, and what runs there.
static unsigned balance_load(const struct hart *hart)
{
	unsigned count = hart->running && !hart->running->queued;
	const struct list *node = hart->ring;

	if (node == NULL)
		return count;
	do {
		count++;
		node = node->next;
	} while (node != hart->ring);
	return count;
}

// The hart with least to do that the task may run on.
static struct hart *balance_best(const struct task *task, uint64_t among)
{
	struct hart *best = NULL;
	unsigned least = 0;

	HARTS_EACH(hart, among) {
		unsigned load = balance_load(hart);

		if (balance_allows(task, hart) && (!best || load < least)) {
			best = hart;
			least = load;
		}
	}
	return best;
}

bool balance_share(struct hart *hart)
{
	struct task *task = hart->running;
	struct hart *best;

	if (idle) {
		balance_ring_idle();
		return false;
	}
	best = balance_best(task, harts_online & ~(1ul << hart->id));
	if (best == NULL || balance_load(best) >= balance_load(hart))
		return false;
	sched_move(task, best, false);
	return true;
}

// ---- who may run where ------------------------------------------------------

// What it is to execute may be new text to this hart.
bool balance_arrive(struct hart *hart, struct task *task)
{
	if (!balance_allows(task, hart)) {
		struct hart *best = balance_best(task, harts_online);

		sched_move(task, best, true);
		harts_ask(best, HART_TURN);
		return false;
	}
	asm volatile("fence.i" ::: "memory");
	return true;
}
