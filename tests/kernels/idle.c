// Nobody is interrupted for nothing: not who sleeps, nor who runs alone.
#include "common.h"

static int interrupts;
static struct trapframe *(*timer)(struct trapframe *, uint64_t);

static void alone(void)
{
	static const struct timespec second = { 1, 0 };

	user_call(500, 0, 0, 0, 0);
	user_call(101, (uintptr_t)&second, 0, 0, 0);     // all sleep: idle
	user_call(501, 0, 0, 0, 0);
	for (uint64_t n = 0; n < 100000000; n++)         // 20 slices
		asm volatile("");
	user_call(502, 0, 0, 0, 0);
}

static struct trapframe *count(struct trapframe *frame, unsigned long cause)
{
	interrupts++;
	return timer(frame, cause);
}

static int64_t begin(struct call *call)
{
	(void)call;
	interrupts = 0;
	return 0;
}

static int64_t slept(struct call *call)
{
	(void)call;
	kprintf("a second asleep: %d interrupts\n", interrupts);
	CHECK(interrupts <= 1);
	interrupts = 0;
	return 0;
}

static int64_t ran(struct call *call)
{
	(void)call;
	kprintf("20 slices alone: %d interrupts\n", interrupts);
	CHECK(interrupts == 0);
	board.poweroff(0);
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(500, begin, begin, "none"),
	SYSCALL(501, slept, slept, "none"),
	SYSCALL(502, ran, ran, "none"),
};

void main(unsigned long hartid, uintptr_t fdt)
{
	(void)hartid;
	start_floors(fdt);
	SYSCALL_REGISTER(rows);
	timer = trap_on_interrupt(INTERRUPT_TIMER, count);
	spawn(alone, 0);
	trap_return(schedule());
}
