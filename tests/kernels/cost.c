// Counts the instructions of the ways that every process takes: the null call,
// two yields, a tick.  Run with -icount shift=0,sleep=off.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/pmp.h"
#include "memory/page.h"
#include "process/process.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/timer.h"
#include "process/wait.h"

#define ROUNDS 1000
#define TICKS 10

static volatile uint64_t null_cost, yield_cost, tick_cost;
static volatile int finished;

static inline uint64_t instret(void)
{
	uint64_t n;

	asm volatile("rdinstret %0" : "=r"(n) :: "memory");
	return n;
}

static inline void call(uint64_t number)
{
	register uint64_t a7 asm("a7") = number;
	register uint64_t a0 asm("a0");

	asm volatile("ecall" : "=r"(a0) : "r"(a7) : "memory");
}

static uint64_t calls(uint64_t number)
{
	uint64_t start = instret();

	for (int i = 0; i < ROUNDS; i++)
		call(number);
	return (instret() - start) / ROUNDS;
}

// Looks at the counter all the time; where it jumped, a tick was.
static uint64_t ticks(void)
{
	uint64_t sum = 0, last = instret(), usual = 1000;

	for (int n = 0; n < TICKS;) {
		uint64_t now = instret(), step = now - last;

		last = now;
		if (step < usual)
			usual = step;
		if (step < usual + 40)
			continue;
		sum += step - usual;
		n++;
	}
	return sum / TICKS;
}

static void measuring(void)
{
	null_cost = calls(172);
	yield_cost = calls(124);
	finished = 1;
	call(124);
	tick_cost = ticks();
	call(500);
}

static void other(void)
{
	while (!finished)
		call(124);
	call(501);
}

static int64_t done(struct call *call)
{
	(void)call;
	kprintf("null_call %lu\nyield_pair %lu\ntick %lu\n", null_cost,
	        yield_cost, tick_cost);
	board.poweroff(0);
	return 0;
}

static int64_t end(struct call *call)
{
	process_end(call->process);
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL(500, done, done, "none"),
	SYSCALL(501, end, end, "none"),
};

static void start(const char *name, void *entry)
{
	uint64_t stack = (uintptr_t)page_alloc(0) + PAGE_SIZE;
	struct process *process = process_new(name, (uintptr_t)entry, stack);

	sched_ready(&process->task);
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	(void)hartid;

	board_init(fdt);
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	pmp_lock_kernel();
	pmp_open();
	process_init();
	wait_init();
	syscall_init();
	timer_init();
	sleep_init();
	csr_write(mcounteren, 7);
	csr_write(scounteren, 7);
	SYSCALL_REGISTER(rows);
	start("measuring", measuring);
	start("other", other);
	trap_return(schedule());
}
