// Chapter 7, waiting: what waits is a future, a record with a poll function,
// and no stack.  The list that rotates processes is also the executor that
// polls the kernel's own futures.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/hart.h"
#include "machine/pmp.h"
#include "memory/page.h"
#include "process/process.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/task.h"
#include "process/user.h"

#define MILLISECOND (board.timebase / 1000)

// A future of this chapter: how far it is, and where it ends.
struct actor {
	struct ktask ktask;      // first
	const char *name;
	int step, last;
};

static int naps;                 // how often the executor had nothing to do
static uint64_t start;           // when the nappers lay down

static int64_t hello(struct ktask *ktask)
{
	(void)ktask;
	kprintf("task1: hello async world!\n");
	return 0;
}

// Polled `last` times, and ready with the last one.
static int64_t count(struct ktask *ktask)
{
	struct actor *me = (struct actor *)ktask;

	kprintf("%s: poll %d of %d\n", me->name, ++me->step, me->last);
	return me->step < me->last ? ktask_again(ktask) : me->step;
}

static int64_t never(struct ktask *ktask)
{
	((struct actor *)ktask)->step++;
	return ktask_again(ktask);
}

// Registers on a deadline, and is not polled before it.
static int64_t nap(struct ktask *ktask)
{
	struct actor *me = (struct actor *)ktask;

	if (me->step++ == 0) {
		wait_until(&ktask->waiting, start + me->last * MILLISECOND);
		return PENDING;
	}
	kprintf("%s: awake, polled %d times\n", me->name, me->step);
	return 0;
}

static struct actor task1 = { .ktask.poll = hello };
static struct actor many[] = {
	{ .ktask.poll = count, .name = "a", .last = 2 },
	{ .ktask.poll = count, .name = "b", .last = 4 },
	{ .ktask.poll = count, .name = "c", .last = 3 },
};
static struct actor pending = { .ktask.poll = never };
static struct actor nappers[] = {
	{ .ktask.poll = nap, .name = "naps 30 ms", .last = 30 },
	{ .ktask.poll = nap, .name = "naps 10 ms", .last = 10 },
	{ .ktask.poll = nap, .name = "naps 20 ms", .last = 20 },
};

// Runs in user mode: its nanosleep() is a future as well.
static void sleeper(void)
{
	static const struct timespec time = { 0, 20000000 };
	register uint64_t a0 asm("a0") = (uintptr_t)&time;
	register uint64_t a1 asm("a1") = 0;
	register uint64_t a7 asm("a7") = 101;    // nanosleep

	asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
	a7 = 93;                                 // exit
	asm volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

static int64_t sys_exit(struct call *call)
{
	kprintf("process %d: nanosleep() returned %ld\n", call->process->pid,
	        call->arg[0]);
	board.poweroff(0);
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(93, exit, sys_exit, "int"),
};

static void spawn_all(struct actor *actors, int count)
{
	for (int i = 0; i < count; i++)
		ktask_spawn(&actors[i].ktask);
}

// The play is a future too: it goes on when the last one of an act is done.
static int64_t play(struct ktask *ktask)
{
	struct actor *me = (struct actor *)ktask;
	struct process *process;

	switch (me->step++) {
	case 0:
		spawn_all(&task1, 1);
		wait_on(&ktask->waiting, &task1.ktask.done);
		return PENDING;
	case 1:
		kprintf("-- many tasks, and one that is never ready\n");
		spawn_all(&pending, 1);
		spawn_all(many, 3);
		wait_on(&ktask->waiting, &many[1].ktask.done);
		return PENDING;
	case 2:
		ktask_cancel(&pending.ktask);
		kprintf("never ready: polled %d times, cancelled with %ld\n",
		        pending.step, (long)pending.ktask.result);
		kprintf("-- nothing is ready for a while\n");
		naps = 0;
		start = clint_now();
		spawn_all(nappers, 3);
		wait_on(&ktask->waiting, &nappers[0].ktask.done);
		return PENDING;
	default:
		kprintf("the executor %s\n", naps ? "slept" : "never slept");
		kprintf("-- a system call waits in the same way\n");
		process = process_new("sleeper", (uintptr_t)sleeper,
		                      (uintptr_t)page_alloc(0) + PAGE_SIZE);
		sched_ready(&process->task);
		return 0;
	}
}

static void (*arm)(struct hart *hart, bool idle);

static void count_naps(struct hart *hart, bool idle)
{
	naps += idle;
	arm(hart, idle);
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	static struct actor director = { .ktask.poll = play };
	extern char _end[];

	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 7: waiting\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime
	kprintf("the clock runs at %lu Hz\n", board.timebase);
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	kprintf("memory is %s\n", page_free_count() ? "free" : "full");
	pmp_open();              // 5: user mode may touch everything
	user_end = ~0ul;
	process_init();
	wait_init();             // 7: a call becomes a future
	syscall_init();          // 6: the table
	timer_init();            // 7: deadlines
	sleep_init();
	SYSCALL_REGISTER(rows);
	arm = sched_arm;
	sched_arm = count_naps;
	ktask_spawn(&director.ktask);
	trap_return(schedule());
}
