// What the test kernels share: floors 1 to 7, processes that are functions of
// the kernel, and a word for what must be so.  A test that fails panics.
#pragma once
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "machine/panic.h"
#include "machine/pmp.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "process/process.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/task.h"
#include "process/timer.h"
#include "process/user.h"
#include "process/wait.h"

void main(uint64_t hartid, uintptr_t fdt);

#define CHECK(what) \
	((what) ? (void)0 : panic("line %d: not so: %s", __LINE__, #what))

static inline void start_floors(uintptr_t fdt)
{
	extern char _end[];

	board_init(fdt);
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	pmp_open();
	pmp_lock_kernel();
	user_end = ~0ul;
	process_init();
	wait_init();
	syscall_init();
	timer_init();
	sleep_init();
	csr_write(mcounteren, 7);
	csr_write(scounteren, 7);
}

// The stack goes with the frame that it lies in, when spawn_end() is called.
static inline struct process *spawn(void *entry, uint64_t argument)
{
	uint64_t stack = (uintptr_t)page_alloc(0) + PAGE_SIZE;
	struct process *process = process_new("test", (uintptr_t)entry, stack);

	process->frame.regs[A0] = argument;
	process->frame.regs[GP] = stack - PAGE_SIZE;
	sched_ready(&process->task);
	return process;
}

// Ended by itself (the answer is for its handler to return) or from outside.
static inline int64_t spawn_end(struct process *process)
{
	process_end(process);
	page_put((void *)process->frame.regs[GP]);
	process_free(process);
	return PENDING;
}

// ---- for user mode --------------------------------------------------------

static inline int64_t user_call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	register uint64_t a7 asm("a7") = number;
	register uint64_t a0 asm("a0") = a;
	register uint64_t a1 asm("a1") = b;
	register uint64_t a2 asm("a2") = c;
	register uint64_t a3 asm("a3") = d;

	asm volatile("ecall"
	             : "+r"(a0)
	             : "r"(a7), "r"(a1), "r"(a2), "r"(a3)
	             : "memory");
	return a0;
}
