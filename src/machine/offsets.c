// Not part of the kernel: compiled to assembly, from which the build takes
// the `->NAME VALUE` lines as .equ for boot.S and trap.S.  So no human writes
// an offset.
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "machine/trap.h"

#define OFFSET(name, value) \
	asm volatile("\n->" #name " %0" ::"i"((long)(value)))

void offsets(void);
void offsets(void)
{
	OFFSET(FRAME_REGS, offsetof(struct trapframe, regs));
	OFFSET(FRAME_FREGS, offsetof(struct trapframe, fregs));
	OFFSET(FRAME_KSTACK, offsetof(struct trapframe, kstack));
	OFFSET(FRAME_PC, offsetof(struct trapframe, pc));
	OFFSET(FRAME_STATUS, offsetof(struct trapframe, status));
	OFFSET(FRAME_FCSR, offsetof(struct trapframe, fcsr));
	OFFSET(FRAME_SIZE, (sizeof(struct trapframe) + 15) & -16ul);
	OFFSET(HART_ROOM, HART_ROOM);
	OFFSET(HART_GUARD, HART_GUARD);
	OFFSET(HART_STACK_TOP, HART_STACK_TOP);
	OFFSET(HART_SIZE, sizeof(struct hart));
	OFFSET(HART_ECALL, offsetof(struct hart, ecall));
	OFFSET(CAUSE_ECALL_U, CAUSE_ECALL_U);
	OFFSET(HART_TRY_STACK, offsetof(struct hart, try_stack));
	OFFSET(HART_LOCK, offsetof(struct hart, lock));
	OFFSET(HART_FREE, offsetof(struct hart, free));
	OFFSET(HART_FREE_BITS, HART_FREE_BITS);
	OFFSET(HART_SATP, offsetof(struct hart, satp));
	OFFSET(HART_STALE, offsetof(struct hart, stale));
	OFFSET(HART_ASKED, offsetof(struct hart, asked));
	OFFSET(LOCK_NEXT, offsetof(struct lock, next));
	OFFSET(LOCK_OWNER, offsetof(struct lock, owner));
	OFFSET(LOCK_WHERE, offsetof(struct lock, where));
	OFFSET(HARTS_MOST, BOARD_HARTS);
	OFFSET(RING_BIT, MIP_SOFTWARE);
}

// The readers of the blog know this order.
#define WIDE (sizeof(long) == 8)
_Static_assert(!WIDE || offsetof(struct trapframe, fregs) == 256, "fregs");
_Static_assert(!WIDE || offsetof(struct trapframe, satp) == 512, "satp");
_Static_assert(!WIDE || offsetof(struct trapframe, kstack) == 520, "kstack");
_Static_assert(!WIDE || offsetof(struct trapframe, hartid) == 528, "hartid");
_Static_assert(offsetof(struct lock, serving) == 0, "serving");
