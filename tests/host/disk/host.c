#include "host.h"
#include "disk/cache.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_index.h"
#include "disk/park.h"
#include "disk/reclaim.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/pager.h"
#include "memory/shortage.h"
#include "process/task.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// ---- memory ----

unsigned memory_fails;
unsigned long memory_pages = ~0ul;
static unsigned long pages_used;
unsigned long memory_blocks;
static unsigned allocations;

static void *take(void *memory)
{
	memory_blocks += memory != NULL;
	return memory;
}

static bool fails(void)
{
	return memory_fails && ++allocations % memory_fails == 0;
}

void *kmalloc(size_t size)
{
	return fails() ? NULL : take(malloc(size ? size : 1));
}

void *kzalloc(size_t size)
{
	return fails() ? NULL : take(calloc(1, size ? size : 1));
}

void kfree(void *object)
{
	memory_blocks -= object != NULL;
	free(object);
}

void heap_trim(void)
{
}

// As the kernel's: what can be spared is used before it fails.
void *page_alloc(unsigned order)
{
	if (pages_used >= memory_pages && reclaim_pages(1) == 0)
		ext2_index_reclaim(1);
	if (pages_used >= memory_pages || fails())
		return NULL;
	pages_used++;
	return take(aligned_alloc(PAGE_SIZE, PAGE_SIZE << order));
}

void page_put(void *frame)
{
	pages_used--;
	kfree(frame);
}

void page_get(void *frame)
{
	panic("page_get(%p) on the host", frame);
}

uint32_t page_refs(const void *frame)
{
	(void)frame;
	return 1;
}

// Nobody maps anything here, so nothing comes of waiting for memory.
void pager_protect(struct pager *pager, uint64_t index)
{
	(void)pager, (void)index;
}

int pager_evict(struct pager *pager, uint64_t index, const void *frame,
                bool used_too)
{
	(void)pager, (void)index, (void)frame, (void)used_too;
	return 0;
}

static int64_t no_wait(void)
{
	return -ENOMEM;
}

bool memory_still_below(size_t frames)
{
	(void)frames;
	return false;
}

size_t memory_mark;
struct page_pool page_pool;
int64_t (*memory_wait)(void) = no_wait;

// ---- words ----

bool quiet;

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	printf("\n");
	fflush(stdout);
	abort();
}

void kprintf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (!quiet)
		vprintf(fmt, args);
	va_end(args);
}

// xorshift64*
static uint64_t random_state = 1;

void seed_chance(uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15ul | 1;
}

uint64_t chance(uint64_t below)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 0x2545f4914f6cdd1dul >> 16) % below;
}

// ---- time ----

static uint64_t now;

uint64_t clint_now(void)
{
	return now++;
}

uint64_t clock_realtime(void)
{
	return 1700000000ul * NANOSECONDS + now * 100;
}

uint64_t clock_ticks(uint64_t ns)
{
	return ns / 100;
}

// ---- the executor: process/sched, wait and task, as far as they go ----

static struct list ready = LIST_INIT(ready);
static struct list timers = LIST_INIT(timers);

struct sleeper {
	struct list node;
	struct waiting *waiting;
	uint64_t deadline;
};

void waker_init(struct waker *waker)
{
	list_init(&waker->waits);
}

static void waiting_init(struct waiting *waiting, struct task *task)
{
	memset(waiting, 0, sizeof *waiting);
	list_init(&waiting->node);
	waiting->task = task;
}

static void task_wake(struct task *task)
{
	if (task->queued)
		return;
	task->queued = true;
	list_add_tail(&ready, &task->node);
}

void wait_on(struct waiting *waiting, struct waker *waker)
{
	if (!list_empty(&waiting->node))
		panic("waits for two things");
	waiting->woken = false;
	list_add_tail(&waker->waits, &waiting->node);
}

void wait_until(struct waiting *waiting, uint64_t deadline)
{
	struct sleeper *s = malloc(sizeof *s);

	waiting->late = false;
	s->waiting = waiting;
	s->deadline = deadline;
	list_add_tail(&timers, &s->node);
}

static void timer_end(struct waiting *waiting)
{
	LIST_EACH(node, &timers) {
		struct sleeper *s = container_of(node, struct sleeper, node);

		if (s->waiting != waiting)
			continue;
		list_remove(node);
		free(s);
	}
}

void wait_end(struct waiting *waiting)
{
	list_remove(&waiting->node);
	timer_end(waiting);
}

void wake_all(struct waker *waker)
{
	LIST_EACH(node, &waker->waits) {
		struct waiting *waiting =
			container_of(node, struct waiting, node);

		wait_end(waiting);
		waiting->woken = true;
		task_wake(waiting->task);
	}
}

static void ktask_run(struct task *task)
{
	struct ktask *ktask = container_of(task, struct ktask, task);

	wait_end(&ktask->waiting);
	if (ktask->poll(ktask) != PENDING)
		ktask->finished = true;
}

void ktask_spawn(struct ktask *ktask)
{
	ktask->task.queued = false;
	ktask->task.run = ktask_run;
	waiting_init(&ktask->waiting, &ktask->task);
	ktask->finished = false;
	task_wake(&ktask->task);
}

int64_t ktask_again(struct ktask *ktask)
{
	task_wake(&ktask->task);
	return PENDING;
}

void ktask_cancel(struct ktask *ktask)
{
	if (ktask->finished)
		return;
	wait_end(&ktask->waiting);
	if (ktask->task.queued)
		list_remove(&ktask->task.node);
	ktask->task.queued = false;
	ktask->finished = true;
}

// ---- who asks ----

struct waiting *park_task;
bool park_never;
static struct task caller;
static struct waiting caller_waiting;
static bool called;

int64_t park(struct waker *waker)
{
	if (park_never)
		return PENDING;
	wait_on(park_task ? park_task : &caller_waiting, waker);
	return PENDING;
}

static void caller_run(struct task *task)
{
	(void)task;
	called = true;
}

extern struct disk *disks[4];

// A task or a request, whichever chance has first.
static bool turn(void)
{
	bool any_task = !list_empty(&ready);

	if (any_task && chance(2)) {
		struct task *task =
			container_of(ready.next, struct task, node);

		list_remove(&task->node);
		task->queued = false;
		task->run(task);
		return true;
	}
	for (size_t i = 0; i < COUNT(disks); i++)
		if (disks[i] && disk_step(disks[i]))
			return true;
	return any_task;
}

void work(void)
{
	while (turn())
		;
}

void work_some(unsigned turns)
{
	while (turns-- && turn())
		;
}

void time_pass(uint64_t seconds)
{
	now += seconds * NANOSECONDS / 100;
	LIST_EACH(node, &timers) {
		struct sleeper *s = container_of(node, struct sleeper, node);
		struct waiting *waiting = s->waiting;

		if (s->deadline > now)
			continue;
		list_remove(&waiting->node);
		list_remove(node);
		free(s);
		waiting->late = true;
		task_wake(waiting->task);
	}
}

// Nothing will wake it any more, except a deadline.
static void idle(void)
{
	static unsigned times;

	if (list_empty(&timers) || ++times % 1000000 == 0)
		panic("deadlock: nobody will wake who waits");
	time_pass(5);
}

int64_t until_done(int64_t (*ask)(void *arg), void *arg)
{
	int64_t result;

	if (!list_empty(&caller_waiting.node) && caller_waiting.task)
		panic("still waits, though it had its answer");
	caller.run = caller_run;
	waiting_init(&caller_waiting, &caller);
	while ((result = ask(arg)) == PENDING) {
		called = false;
		while (!called)
			if (!turn())
				idle();
	}
	if (!list_empty(&caller_waiting.node))
		panic("waits, though it has an answer");
	return result;
}

// ---- what ext2_io.c has for processes ----

const struct inode_ops ext2_ops = {
	.release = ext2_release,
};
