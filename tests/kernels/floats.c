// Processes that fill all float registers and fcsr with values of their own,
// interrupted at every opportunity, beside others that use none; they end and
// are born again, so that frames are used again at the same address.
#include "common.h"

#define PROCESSES 5
#define ROUNDS 400
#define SWITCHES 10000
#define MOST "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23," \
	     "24,25,26,27,28,29,30"
#define EACH MOST ",31"

// a0 = the seed.  At birth all is zero.  Then f0..f30 get seed + n, f31 is a
// signalling NaN, and fcsr the seed's rounding mode and flags; a1 turns later
// it ends.  In each turn an instruction raises the invalid flag and changes no
// float register, and the flag is taken back.
asm(".text\n"
    ".option arch, +d\n"
    "floating:\n"
    "	frcsr	t0\n"
    "	bnez	t0, 9f\n"
    "	.irp n, " EACH "\n"
    "	fmv.x.d	t0, f\\n\n"
    "	bnez	t0, 9f\n"
    "	.endr\n"
    "	.irp n, " EACH "\n"
    "	addi	t0, a0, \\n\n"
    "	fmv.d.x	f\\n, t0\n"
    "	.endr\n"
    "	li	t0, 0x7ff4000000000000\n"
    "	fmv.d.x	f31, t0\n"
    "	andi	s1, a0, 3\n"             // a rounding mode, 0 to 3
    "	slli	s1, s1, 5\n"
    "	srli	t1, a0, 2\n"
    "	andi	t1, t1, 15\n"            // flags, but not the invalid one
    "	or	s1, s1, t1\n"
    "	fscsr	s1\n"
    "1:	.irp n, " MOST "\n"
    "	addi	t1, a0, \\n\n"
    "	fmv.x.d	t0, f\\n\n"
    "	bne	t0, t1, 9f\n"
    "	.endr\n"
    "	frcsr	t0\n"
    "	bne	t0, s1, 9f\n"
    "	feq.d	t0, f31, f31\n"          // raises the flag, and nothing else
    "	li	t1, 40\n"
    "2:	addi	t1, t1, -1\n"
    "	bnez	t1, 2b\n"
    "	frcsr	t0\n"
    "	ori	t1, s1, 16\n"
    "	bne	t0, t1, 9f\n"
    "	fscsr	s1\n"
    "	addi	a1, a1, -1\n"
    "	bnez	a1, 1b\n"
    "	li	a7, 501\n"
    "	ecall\n"
    "9:	li	a7, 500\n"
    "	ecall\n");
extern char floating[];

// Uses no floats, and says what its frame is for.
static void counting(void)
{
	for (volatile uint64_t n = 0;; n++)
		;
}

static int rounds, alive;
static uint64_t switches, last_frame, reused;

static int64_t spoilt(struct call *call)
{
	panic("process %d: a float register was spoilt", call->process->pid);
}

static void start(void)
{
	struct process *process = spawn(floating, 77 * ++rounds);

	process->frame.regs[A1] = 60 + rounds % 150;
	process->frame.satp = 1 + rounds;
	reused += (uintptr_t)process == last_frame;
	alive++;
}

static int64_t end(struct call *call)
{
	last_frame = (uintptr_t)call->process;
	spawn_end(call->process);
	alive--;
	// Interrupts come late on a busy host: more rounds for as many.
	if (rounds < ROUNDS || switches <= SWITCHES)
		start();
	if (alive)
		return PENDING;
	CHECK(reused > ROUNDS / 2);
	kprintf("%d processes kept their floats\n", rounds);
	board.poweroff(0);
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(500, spoilt, spoilt, "none"),
	SYSCALL(501, end, end, "none"),
};

static struct process *plain;

static struct trapframe *arrive(struct trapframe *frame)
{
	this_hart()->satp = frame->satp;
	switches++;
	CHECK(plain->frame.float_hart == NULL);
	CHECK(this_hart()->floats != &plain->frame);
	CHECK((frame->status & MSTATUS_FS) == 0);
	return frame;
}

void main(unsigned long hartid, uintptr_t fdt)
{
	(void)hartid;
	start_floors(fdt);
	SYSCALL_REGISTER(rows);
	this_hart()->load = arrive;
	// 1.2 us: a checked kernel needs most of that to leave and come back.
	sched_slice = 12;
	plain = spawn(counting, 0);
	plain->frame.satp = 1;
	for (int i = 0; i < PROCESSES; i++)
		start();
	trap_return(schedule());
}
