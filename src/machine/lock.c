#include "machine/lock.h"
#include "machine/csr.h"
#include "machine/mmio.h"
#include "machine/panic.h"

#define SPINS 20000              // looks before a hart that waits goes to sleep

// The doorbell of a hart, as machine/clint.h has it: a floor above.
#define DOORBELL(id) (board.clint + 4 * (id))

struct lock kernel_lock;
bool lock_used;

static bool lock_mine(uintptr_t ticket)
{
	uintptr_t serving = __atomic_load_n(&kernel_lock.serving,
	                                    __ATOMIC_ACQUIRE);

	return (serving & ~LOCK_ASLEEP) == ticket;
}

// The mark stands as long as one is asleep.  Only who has the lock takes it
// away, so no release falls in between.
static void lock_unmark(void)
{
	__atomic_fetch_and(&kernel_lock.serving, ~LOCK_ASLEEP,
	                   __ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < BOARD_HARTS; i++)
		if (__atomic_load_n(&hart_of(i)->ticket, __ATOMIC_SEQ_CST))
			__atomic_fetch_or(&kernel_lock.serving, LOCK_ASLEEP,
			                  __ATOMIC_SEQ_CST);
}

// First the ticket, then the mark, then a look: who releases the lock later
// finds the mark and then the ticket.  A ring that was meant for something else
// is lost here; that is why whoever rings notes it in `asked`, which is looked
// at when the lock is had.
static void lock_sleep(struct hart *hart, uintptr_t ticket)
{
	uint64_t enabled = csr_read(mie);

	csr_write(mie, MIP_SOFTWARE);
	__atomic_store_n(&hart->ticket, ticket + 1, __ATOMIC_SEQ_CST);
	while ((__atomic_fetch_or(&kernel_lock.serving, LOCK_ASLEEP,
	                          __ATOMIC_SEQ_CST) & ~LOCK_ASLEEP) != ticket) {
		asm volatile("wfi");
		write32(DOORBELL(hart->id), 0);
		asm volatile("fence iorw, iorw" ::: "memory");
	}
	__atomic_store_n(&hart->ticket, 0, __ATOMIC_SEQ_CST);
	lock_unmark();
	csr_write(mie, enabled);
}

// From `away` on no translation is used: who waits for that is told.  (If
// nobody does any more, the lock may be anybody's by now, or nobody's.)
static void lock_away(struct hart *hart)
{
	struct hart *owner;

	if (hart->away)
		return;
	__atomic_store_n(&hart->away, true, __ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(&hart->asked, __ATOMIC_SEQ_CST) & HART_FLUSH))
		return;
	owner = __atomic_load_n(&kernel_lock.owner, __ATOMIC_RELAXED);
	if (owner)
		write32(DOORBELL(owner->id), 1);
}

void lock_wait(uintptr_t ticket)
{
	struct hart *hart = this_hart();

	lock_away(hart);
	for (int i = 0; !lock_mine(ticket); i++)
		if (i == SPINS) {
			lock_sleep(hart, ticket);
			break;
		}
	__atomic_store_n(&hart->away, false, __ATOMIC_RELAXED);
}

// The one whose turn it is now; the others sleep on.
void lock_wake(uintptr_t serving)
{
	uintptr_t ticket = (serving & ~LOCK_ASLEEP) + 1;

	for (unsigned i = 0; i < BOARD_HARTS; i++)
		if (__atomic_load_n(&hart_of(i)->ticket, __ATOMIC_SEQ_CST) ==
		    ticket + 1)
			write32(DOORBELL(i), 1);
}

void lock_take(void)
{
	uintptr_t ticket;

	if (DEBUG && kernel_lock.owner == this_hart())
		panic("the kernel lock is taken twice");
	ticket = __atomic_fetch_add(&kernel_lock.next, 1, __ATOMIC_RELAXED);
	lock_wait(ticket);
	kernel_lock.owner = this_hart();
	kernel_lock.where = (uintptr_t)__builtin_return_address(0);
}

void lock_release(void)
{
	uintptr_t serving;

	LOCK_HELD();
	if (DEBUG)
		kernel_lock.owner = NULL;
	serving = __atomic_fetch_add(&kernel_lock.serving, 1,
	                             __ATOMIC_SEQ_CST);
	if (serving & LOCK_ASLEEP)
		lock_wake(serving);
}

void lock_check(void)
{
	if (lock_used && kernel_lock.owner != this_hart())
		panic("without the kernel lock, which %p took at %lx",
		      (void *)kernel_lock.owner,
		      (unsigned long)kernel_lock.where);
}
