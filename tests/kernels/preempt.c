// Two processes are interrupted ten thousand times.  Each runs a loop with all
// of its registers in use; a lost or foreign one would spoil the sum.
#include "common.h"

#define PREEMPTIONS 10000
#define PROCESSES 3
#define MOST "1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24," \
	     "25,26,27,28,29,30,31"

static volatile int births[PROCESSES];
static uint64_t arrivals[PROCESSES];

// x1..x31 are filled from the seed in a0 and go round by one register in each
// turn; after 31 turns, and one more added to each, all must be as foreseen.
asm(".text\n"
    ".option arch, +a\n"
    "turning:\n"
    "	slli	t0, a0, 2\n"
    "	la	t1, births\n"
    "	add	t0, t0, t1\n"
    "	li	t1, 1\n"
    "	amoadd.w zero, t1, (t0)\n"
    "	.irp n, " MOST "\n"
    "	slli	x\\n, a0, 8\n"
    "	addi	x\\n, x\\n, \\n\n"
    "	.endr\n"
    "1:	.irp n, " MOST "\n"
    "	addi	x\\n, x\\n, -\\n\n"
    "	srli	x\\n, x\\n, 8\n"
    "	bne	x\\n, a0, 2f\n"
    "	slli	x\\n, x\\n, 8\n"
    "	addi	x\\n, x\\n, \\n\n"
    "	.endr\n"
    "	j	1b\n"
    "2:	li	a7, 500\n"
    "	ecall\n");
extern char turning[];

static int64_t spoilt(struct call *call)
{
	panic("process %d: a register was spoilt", call->process->pid);
}

static const struct syscall rows[] = { SYSCALL(500, spoilt, spoilt, "none") };

// Each process has a token of its own, so every switch comes by here.
static struct trapframe *arrive(struct trapframe *frame)
{
	uint64_t total = 0;

	this_hart()->satp = frame->satp;
	arrivals[frame->satp - 1]++;
	for (int i = 0; i < PROCESSES; i++)
		total += arrivals[i];
	if (total < PREEMPTIONS)
		return frame;
	for (int i = 0; i < PROCESSES; i++) {
		CHECK(births[i] == 1);
		CHECK(arrivals[i] >= PREEMPTIONS / PROCESSES);
	}
	CHECK(this_hart()->floats == NULL);      // nobody paid for them
	CHECK(frame->float_hart == NULL);
	kprintf("interrupted %lu times, each kept its place\n", total);
	board.poweroff(0);
	return frame;
}

void main(unsigned long hartid, uintptr_t fdt)
{
	(void)hartid;
	start_floors(fdt);
	SYSCALL_REGISTER(rows);
	this_hart()->load = arrive;
	sched_slice = 20;        // 2 us
	for (int i = 0; i < PROCESSES; i++)
		spawn(turning, i)->frame.satp = 1 + i;
	trap_return(schedule());
}
