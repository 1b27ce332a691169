// Kernel tasks: spawned, completed, cancelled in each state they can be in;
// none leaves a trace in a queue.
#include "common.h"

enum kind { FINISH, WAKER, DEADLINE, BOTH, AGAIN };

static struct waker waker = WAKER_INIT(waker);
static struct waker other = WAKER_INIT(other);

// A task that waits in one way, twice, and then finishes with its number.
struct sample {
	struct ktask ktask;      // first
	enum kind kind;
	int polls, cancels;
	int64_t number;
};

static int64_t poll(struct ktask *ktask)
{
	struct sample *s = (struct sample *)ktask;

	if (++s->polls > 2 || s->kind == FINISH)
		return s->number;
	if (s->kind == AGAIN)
		return ktask_again(ktask);
	if (s->kind != DEADLINE)
		wait_on(&ktask->waiting, &waker);
	if (s->kind != WAKER)
		wait_until(&ktask->waiting, clint_now() + 1000);
	return PENDING;
}

static void cancel(struct ktask *ktask)
{
	((struct sample *)ktask)->cancels++;
}

static void sample_spawn(struct sample *s, enum kind kind)
{
	*s = (struct sample){ .kind = kind, .number = 1000 + kind };
	s->ktask.poll = poll;
	s->ktask.cancel = cancel;
	ktask_spawn(&s->ktask);
}

static void check_no_trace(struct sample *s)
{
	CHECK(!s->ktask.task.queued);
	CHECK(list_empty(&s->ktask.waiting.node));
	CHECK(!timer_running(&s->ktask.waiting.timer));
	CHECK(waker_idle(&s->ktask.done));
	CHECK(waker_idle(&waker));
}

// The test itself, one round for each kind and for each number of polls after
// which it is cancelled; 3 of them and it has finished before.
static struct sample sample;
static int kind, polls, rounds;

static void finish_round(void)
{
	bool finished = polls > 2 || (kind == FINISH && polls > 0);

	CHECK(sample.ktask.finished);
	CHECK(sample.ktask.result == (finished ? 1000 + kind : -ECANCELED));
	CHECK(sample.cancels == !finished);
	check_no_trace(&sample);
	ktask_cancel(&sample.ktask);             // does nothing any more
	CHECK(sample.cancels == !finished);
	rounds++;
	if (++polls > 3) {
		polls = 0;
		kind++;
	}
}

static void finish(struct ktask *ktask)
{
	CHECK(waker_idle(&other) && waker_idle(&waker));
	CHECK(ktask->waiting.answer == 7);
	kprintf("%d rounds, no trace\n", rounds);
	board.poweroff(0);
}

// Looks again at each turn until the sample has been polled often enough.
static int64_t test(struct ktask *ktask)
{
	static bool running, waited;

	if (waited)
		finish(ktask);
	if (kind > AGAIN) {                      // an answer from a waker
		waited = true;
		wait_on(&ktask->waiting, &other);
		CHECK(wake_one(&other, 7));
		CHECK(!wake_one(&other, 8));
		CHECK(ktask->waiting.woken && !ktask->waiting.late);
		return PENDING;
	}
	if (!running) {
		sample_spawn(&sample, kind);
		running = true;
	}
	if (!sample.ktask.finished && sample.polls < polls) {
		if (sample.kind == WAKER && sample.polls)
			wake_all(&waker);
		return ktask_again(ktask);
	}
	if (polls > 2 && !sample.ktask.finished)
		return ktask_again(ktask);
	if (polls == 0)
		CHECK(sample.polls == 0);        // cancelled before it ran
	ktask_cancel(&sample.ktask);
	finish_round();
	running = false;
	return ktask_again(ktask);
}

void main(unsigned long hartid, uintptr_t fdt)
{
	static struct ktask director = { .poll = test };
	(void)hartid;

	start_floors(fdt);
	ktask_spawn(&director);
	trap_return(schedule());
}
