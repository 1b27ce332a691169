// A test device whose call has to wait at each of its prepare steps in turn;
// the process is killed at each of them, and in each way of waiting.  What it
// held is let go, no queue remembers it, all frames come back.
#include "common.h"

#define STEPS 4

enum way { ON_WAKER, ON_DEADLINE, ON_BOTH, AGAIN, WAYS };

static struct waker ready = WAKER_INIT(ready);
static struct waker rest = WAKER_INIT(rest);     // for nobody to wake
static uint64_t commits, held, finished;
static int way, stop_at;         // at which step it is killed; STEPS: never
static int waits;                // of the call under way

// ---- the device -----------------------------------------------------------

static int64_t device_wait(struct future *future)
{
	waits++;
	switch (way) {
	case ON_WAKER:
		return future_wait(future, &ready);
	case ON_DEADLINE:
		return future_sleep(future, clint_now() + 1000);
	case ON_BOTH:
		return future_wait_until(future, &rest, clint_now() + 1000);
	default:
		return future_again(future);
	}
}

static void device_let_go(struct future *future)
{
	for (; future->progress; future->progress--)
		held--;
}

static int64_t device_cancel(struct future *future)
{
	device_let_go(future);
	return -EINTR;
}

// Each step of prepare takes hold of one thing, after it has waited for it.
static int64_t sys_device(struct call *call)
{
	struct future *future = future_of(call);

	future->cancel = device_cancel;
	while (future->progress < STEPS) {
		if (future->phase == 0) {
			future->phase = 1;
			device_wait(future);
			return PENDING;
		}
		future->phase = 0;
		future->progress++;
		held++;
	}
	commits += call->arg[0] + call->arg[5];  // as at the first poll
	device_let_go(future);
	return 4711;
}

// ---- the process ----------------------------------------------------------

static void caller(void)
{
	register uint64_t a0 asm("a0") = 1, a1 asm("a1") = 2, a2 asm("a2") = 3;
	register uint64_t a3 asm("a3") = 4, a4 asm("a4") = 5, a5 asm("a5") = 6;
	register uint64_t a7 asm("a7") = 600;

	asm volatile("ecall"
	             : "+r"(a0)
	             : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
	             : "memory");
	user_call(601, a0, 0, 0, 0);
}

static int64_t sys_finished(struct call *call)
{
	CHECK(call->arg[0] == 4711);
	finished++;
	return spawn_end(call->process);
}

static const struct syscall rows[] = {
	SYSCALL(600, device, sys_device, "int int int int int int"),
	SYSCALL(601, finished, sys_finished, "int"),
};

// ---- the one who kills ----------------------------------------------------

static void check_no_trace(size_t frames)
{
	heap_trim();
	CHECK(held == 0);
	CHECK(process_count == 0);
	CHECK(waker_idle(&ready) && waker_idle(&rest));
	CHECK(this_hart()->ring == NULL);
	CHECK(list_empty(&this_hart()->woken));
	CHECK(page_free_count() == frames);
}

static void next_round(void)
{
	CHECK(finished == (stop_at > STEPS));
	CHECK(commits == (stop_at > STEPS ? 7 : 0));
	finished = commits = 0;
	if (++stop_at > STEPS + 1) {
		stop_at = 0;
		way++;
	}
}

// In each round one process: killed before it runs (0), in its n-th wait, or
// not at all (STEPS + 1).
static int64_t killer(struct ktask *ktask)
{
	static struct process *victim;
	static size_t frames;

	if (victim == NULL) {
		heap_trim();
		frames = page_free_count();
		waits = 0;
		victim = spawn(caller, 0);
	}
	if (stop_at <= STEPS ? waits < stop_at : !finished) {
		wake_all(&ready);
		return ktask_again(ktask);
	}
	if (stop_at == 1 && way == ON_WAKER)     // woken, but not polled yet
		wake_all(&ready);
	if (!finished)
		spawn_end(victim);
	victim = NULL;
	check_no_trace(frames);
	next_round();
	if (way < WAYS)
		return ktask_again(ktask);
	kprintf("all rounds, no trace\n");
	board.poweroff(0);
	return 0;
}

void main(unsigned long hartid, uintptr_t fdt)
{
	static struct ktask director = { .poll = killer };
	(void)hartid;

	start_floors(fdt);
	SYSCALL_REGISTER(rows);
	ktask_spawn(&director);
	trap_return(schedule());
}
