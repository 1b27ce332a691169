#include "process/harts.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/lock.h"
#include "machine/pmp.h"
#include "process/balance.h"
#include "process/syscall.h"
#include "process/timer.h"

#define START_NS  (10 * NANOSECONDS)     // that a hart has to answer
#define SPINS     2000                   // looks before sleep

extern char trap_vector_many[];          // harts.S

static free_call free_calls[1 << HART_FREE_BITS];

// ---- what harts ask of each other -------------------------------------------

void harts_ask(struct hart *hart, uint32_t what)
{
	LOCK_HELD();
	__atomic_fetch_or(&hart->asked, what, __ATOMIC_SEQ_CST);
	clint_ring(hart->id);
}

// With the lock, so nobody asks meanwhile.
static uint32_t harts_answer(void)
{
	struct hart *hart = this_hart();
	uint32_t asked = hart->asked;

	if (asked == 0)
		return 0;
	hart->asked = 0;
	clint_answer();
	if (asked & HART_FLUSH)
		hart->stale = true;
	if (asked & HART_TEXT)
		asm volatile("fence.i" ::: "memory");
	return asked;
}

unsigned long harts_asked(unsigned long cause)
{
	if (harts_answer() & HART_TURN)
		return CAUSE_INTERRUPT | INTERRUPT_SOFTWARE;
	return cause;
}

// ---- translations -----------------------------------------------------------

// In the kernel nothing is translated, so others need not wait with the lock
// for this hart to change its satp: harts.S does it when the lock is released.
static struct trapframe *harts_load(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	hart->satp = frame->satp;
	hart->stale = true;
	return frame;
}

// Sleeps after a while, for the other hart may need this one's processor; it
// rings back.  A ring that this hart gave itself must not be lost.
static void harts_await(struct hart *hart)
{
	uint64_t enabled = csr_read(mie);
	bool rung = csr_read(mip) & MIP_SOFTWARE;

	csr_write(mie, MIP_SOFTWARE);
	for (int i = 0; !__atomic_load_n(&hart->away, __ATOMIC_SEQ_CST); i++)
		if (i > SPINS) {
			asm volatile("wfi");
			clint_answer();
		}
	csr_write(mie, enabled);
	if (rung)
		clint_ring(this_hart()->id);
}

static void harts_flush(uint64_t satp, bool text)
{
	uint64_t others = harts_online & ~(1ul << this_hart()->id);
	uint64_t await = 0;

	LOCK_HELD();
	HARTS_EACH(hart, others) {
		uint32_t what = (text ? HART_TEXT : 0) |
		                (hart->satp == satp ? HART_FLUSH : 0);

		if (what == 0)
			continue;
		__atomic_fetch_or(&hart->asked, what, __ATOMIC_SEQ_CST);
		if (hart->satp != satp ||
		    __atomic_load_n(&hart->away, __ATOMIC_SEQ_CST))
			continue;
		clint_ring(hart->id);
		await |= 1ul << hart->id;
	}
	HARTS_EACH(hart, await)
		harts_await(hart);
}

// Nobody runs in it: those who have it loaded are in the kernel.
static void harts_unload(uint64_t satp)
{
	HARTS_EACH(hart, harts_online)
		if (hart != this_hart() && hart->satp == satp)
			hart->satp = 0;
}

// ---- sleep ------------------------------------------------------------------

static void harts_sleep(struct hart *hart)
{
	balance_sleeps(hart, true);
	hart->away = true;
	lock_release();
	asm volatile("wfi");
	lock_take();
	balance_sleeps(hart, false);
	harts_answer();
}

static void harts_breathe(void)
{
	if (!lock_wanted())
		return;
	lock_release();
	lock_take();
	harts_answer();
}

static bool harts_call(struct task *task)
{
	struct hart *hart = sched_runner(task);

	if (hart == NULL || hart == this_hart())
		return false;
	sched_move(task, hart, true);
	harts_ask(hart, HART_TURN);
	return true;
}

static const struct sched_many many = {
	.sleep = harts_sleep,
	.breathe = harts_breathe,
	.seek = balance_seek,
	.crowded = balance_crowded,
	.share = balance_share,
	.arrive = balance_arrive,
	.call = harts_call,
	.flush = harts_flush,
	.unload = harts_unload,
};

// ---- bringing them up -------------------------------------------------------

// What a hart has that programs, or the kernel, may count on.
enum { HAS_MMU = 1, HAS_FLOATS = 2, HAS_ATOMICS = 4 };
static const char *const abilities[] = {
	"page tables", "float registers", "atomic instructions",
};

// What a hart that was rung says; or what it is told when it was too late.
enum { SILENT, FIT, UNFIT, LATE };
struct start {
	uint32_t state;
	uint8_t has;
};
static struct start starts[BOARD_HARTS];
static uint8_t needed;
static unsigned long first;              // the hart that starts the others

// A mode that the hart does not know does not stay.  (Privileged Architecture
// 1.12, section 4.1.11: then the write has no effect.)
static uint64_t probe_satp(uint64_t unused)
{
	uint64_t got;
	(void)unused;

	csr_write(satp, SATP_SV39);
	got = csr_read(satp);
	csr_write(satp, 0);
	return got == SATP_SV39;
}

static uint8_t hart_abilities(void)
{
	uint64_t misa = csr_read(misa), mmu;
	uint8_t has = 0;

	if (trap_try(probe_satp, 0, &mmu) == 0 && mmu)
		has |= HAS_MMU;
	if (misa & MISA('F') && misa & MISA('D'))
		has |= HAS_FLOATS;
	if (misa & MISA('A'))
		has |= HAS_ATOMICS;
	return has;
}

static void hart_many(struct hart *hart, const struct hart *like)
{
	hart->ecall = like->ecall;
	hart->lock = &kernel_lock;
	hart->free = free_calls;
	hart->load = harts_load;
	csr_write(mtvec, trap_vector_many);
}

// Returns if the hart may join.
static void hart_says(struct start *start, uint32_t state)
{
	uint32_t before = SILENT;
	bool heard = __atomic_compare_exchange_n(&start->state, &before, state,
	                                         false, __ATOMIC_SEQ_CST,
	                                         __ATOMIC_SEQ_CST);

	if (heard)
		clint_ring(first);
	while (!heard || state != FIT)
		asm volatile("wfi");
}

// Where a hart that was parked arrives, with its stack and tp, and with its
// record in order.
static void hart_enter(unsigned long id)
{
	struct hart *hart = hart_of(id);
	struct start *start = &starts[id];

	csr_write(mie, 0);
	csr_write(mscratch, 0);
	hart_many(hart, kernel_lock.owner);
	clint_answer();
	clock_join();
	start->has = hart_abilities();
	if (needed & ~start->has)
		hart_says(start, UNFIT);
	pmp_lock_kernel();
	pmp_open();
	process_allow_counters();
	timer_join();
	hart->charged = hart->idle = clint_now();
	hart_says(start, FIT);
	lock_take();
	csr_write(mie, MIP_SOFTWARE | MIP_TIMER);
	harts_leave(schedule());
}

// Rings the hart and sleeps until it rings back, or for too long.
static uint32_t hart_wait(struct start *start, unsigned id)
{
	uint64_t enabled = csr_read(mie);
	uint64_t end = clint_now() + clock_ticks(START_NS);
	uint32_t state = SILENT;

	csr_write(mie, MIP_SOFTWARE | MIP_TIMER);
	clint_arm(end);
	clint_ring(id);
	while (__atomic_load_n(&start->state, __ATOMIC_SEQ_CST) == SILENT &&
	       clint_now() < end) {
		asm volatile("wfi");
		clint_answer();
		asm volatile("fence iorw, iorw" ::: "memory");
	}
	__atomic_compare_exchange_n(&start->state, &state, LATE, false,
	                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	csr_write(mie, enabled);
	sched_arm(this_hart(), false);
	return state;
}

// One after the other, so that their order, and what is said, is always the
// same.
static void hart_start(unsigned id)
{
	struct start *start = &starts[id];
	uint32_t state = hart_wait(start, id);

	if (state == FIT)
		harts_online |= 1ul << id;
	else if (state == SILENT)
		kprintf("hart %u does not answer\n", id);
	for (unsigned i = 0; state == UNFIT && i < 3; i++)
		if (needed & ~start->has & 1u << i)
			kprintf("hart %u has no %s: parked\n", id,
			        abilities[i]);
}

// Those with a higher number take the lock.
static void free_calls_note(void)
{
	for (int number = 0; number < 1 << HART_FREE_BITS; number++)
		if (syscall_row(number))
			free_calls[number] = syscall_row(number)->free;
}

void harts_init(void)
{
	struct hart *self = this_hart();

	if (board.harts < 2)
		return;
	for (unsigned id = 0; id < BOARD_HARTS; id++)
		if (id != self->id)
			hart_init(hart_of(id), id);
	free_calls_note();
	needed = hart_abilities();
	first = self->id;
	lock_used = true;
	hart_many(self, self);
	lock_take();
	sched_many = &many;
	hart_go = hart_enter;
	asm volatile("fence iorw, iorw" ::: "memory");
	for (unsigned i = 0; i < board.harts; i++)
		if (board.hart_id[i] != self->id)
			hart_start(board.hart_id[i]);
}

void harts_leave(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	if (lock_used)
		lock_release();
	if (hart->stale) {
		csr_write(satp, hart->satp);
		asm volatile("sfence.vma" ::: "memory");
		hart->stale = false;
	}
	trap_return(frame);
}
