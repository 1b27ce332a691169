// Chapter 5, a process: three of them share the hart, 10 ms each.  There are no
// walls yet and no system calls: the cause is registered right here.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/pmp.h"
#include "memory/page.h"
#include "process/process.h"

#define TICKS 12

static volatile int ticks;

// What the two that count leave behind.  A process that lost its place would
// start again: a second birth, and a counter that went back to 0.
static struct counting {
	volatile int births;
	volatile uint64_t counter;
	volatile int backwards;  // how often that was set back to 0
} counting[2];

// ---- these three run in user mode -------------------------------------------

static void init_process(void)
{
	for (;;) {
		int turn = ticks;

		asm volatile("ecall" ::: "memory");
		while (ticks < turn + 3)         // until its next turn
			;
	}
}

static void counting_process(struct counting *me)
{
	me->backwards += me->counter > 0;
	me->births++;
	me->counter = 0;
	for (;;)
		me->counter++;
}

// ---- and this is the kernel -------------------------------------------------

static struct trapframe *ecall(struct trapframe *frame, unsigned long cause)
{
	(void)cause;
	kprintf("Test syscall\n");
	frame->pc += 4;          // go on behind the ecall
	return frame;
}

static void finish(void)
{
	for (int i = 0; i < 2; i++)
		kprintf("process %d was born %d time%s, its counter %s %s\n",
		        i + 2, counting[i].births,
		        counting[i].births == 1 ? "" : "s",
		        counting[i].counter ? "went up" : "stood still",
		        counting[i].backwards ? "and down" : "and never down");
	board.poweroff(0);
}

// What was printed is not part of it.
static void begin_slice(struct hart *hart)
{
	hart->tick = clint_now() + sched_slice;
	sched_arm(hart, false);
}

static struct trapframe *tick(struct trapframe *frame, unsigned long cause)
{
	struct hart *hart = this_hart();
	(void)cause;

	if (clint_now() < hart->tick)
		return frame;
	if (++ticks == TICKS)
		finish();
	frame = sched_rotate(frame);     // another one's
	kprintf("Scheduling %d\n", process_of(frame)->pid);
	begin_slice(hart);
	return frame;
}

static void start(const char *name, void *entry, struct counting *argument)
{
	uint64_t stack = (uintptr_t)page_alloc(0) + PAGE_SIZE;
	struct process *process = process_new(name, (uintptr_t)entry, stack);

	process->frame.regs[A0] = (uintptr_t)argument;
	sched_ready(&process->task);
	kprintf("process %d is %s\n", process->pid, process->name);
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];

	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 5: a process\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime
	kprintf("the clock runs at %lu Hz\n", board.timebase);
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	kprintf("memory is %s\n", page_free_count() ? "free" : "full");
	pmp_open();              // 5: user mode may touch everything
	process_init();
	trap_on_exception(CAUSE_ECALL_U, ecall);
	trap_on_interrupt(INTERRUPT_TIMER, tick);
	start("init", init_process, NULL);
	start("counter", counting_process, &counting[0]);
	start("counter", counting_process, &counting[1]);
	begin_slice(this_hart());
	trap_return(schedule());
}
