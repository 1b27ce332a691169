// Chapter 8, address spaces: two processes use the same address, and each
// finds its own contents there.
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/share.h"
#include "memory/space.h"
#include "memory/table.h"
#include "process/process.h"
#include "process/syscall.h"
#include "process/timer.h"
#include "process/wait.h"

#define CODE 0x1100000ul         // where the scene is mapped
#define DATA 0x1200000ul         // where it keeps its one number
#define TELL 500                 // this chapter's own system calls
#define STOP 501

// The scene, copied into a page of its own: it tells its number, gives way,
// squares it, tells it again, and stops; number 9 ends with a store to nowhere.
asm(".pushsection .text.scene, \"ax\"\n"
    ".globl scene\n"
    "scene:	li	s0, 0x1200000\n"
    "	ld	a0, 0(s0)\n"
    "	li	a7, 500\n"
    "	ecall\n"
    "	li	a7, 124\n"
    "	ecall\n"
    "	ld	a0, 0(s0)\n"
    "	mul	a0, a0, a0\n"
    "	sd	a0, 0(s0)\n"
    "	li	a7, 500\n"
    "	ecall\n"
    "	li	t0, 81\n"
    "	bne	a0, t0, 1f\n"
    "	sd	a0, 0(zero)\n"
    "1:	li	a7, 501\n"
    "	ecall\n"
    ".popsection\n");
extern char scene[];

static size_t free_at_start;

static int64_t sys_tell(struct call *call)
{
	struct process *self = call->process;
	uint64_t *entry = table_entry(space_of(self)->root, DATA);

	kprintf("process %d: at %lx there is %lu%s\n", self->pid, DATA,
	        call->arg[0],
	        page_refs(pte_frame(*entry)) > 1 ? ", in a page that is shared"
	                                         : "");
	return call->arg[0];
}

static void finish(void)
{
	heap_trim();             // what is kept at hand is no loss
	table_trim();
	kprintf("page frames that did not come back: %lu\n",
	        free_at_start - page_free_count());
	board.poweroff(0);
}

static void end(struct process *process)
{
	process_end(process);
	process_free(process);
	if (process_count == 0)
		finish();
}

static int64_t sys_stop(struct call *call)
{
	end(call->process);
	return PENDING;
}

// The offender alone ends; whoever it is may be the last.
static struct trapframe *fault(struct process *process, unsigned long cause, unsigned long tval)
{
	kprintf("process %d: %s, address %lx: killed\n", process->pid,
	        trap_cause_name(cause), tval);
	end(process);
	return schedule();
}

static const struct syscall rows[] = {
	SYSCALL(TELL, tell, sys_tell, "int"),
	SYSCALL(STOP, stop, sys_stop, "none"),
};

static struct process *start(uint64_t number)
{
	struct area code = { .start = CODE, .end = CODE + PAGE_SIZE,
		             .access = USER_READ | USER_WRITE };
	struct area data = { .start = DATA, .end = DATA + PAGE_SIZE,
		             .access = USER_READ | USER_WRITE };
	struct process *process = process_new("scene", CODE, 0);
	struct space *space = space_new();

	space_add(space, &code);
	space_add(space, &data);
	space_write(space, CODE, scene, 128);
	space_write(space, DATA, &number, sizeof number);
	space_protect(space, CODE, CODE + PAGE_SIZE, USER_READ | USER_EXECUTE);
	space_enter(process, space);
	sched_ready(&process->task);
	return process;
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	struct process *first, *twin;

	(void)hartid;
	board_init(fdt);
	kprintf("Barefoot, chapter 8: address spaces\n");
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	process_init();
	pmp_lock_kernel();
	pmp_open();              // the page tables are the walls now
	wait_init();
	syscall_init();
	timer_init();
	sched_slice *= 100;      // the scene gives way by itself, and is read
	                         // the same where the host is slow
	space_init();
	SYSCALL_REGISTER(rows);
	process_on_fault = fault;
	free_at_start = page_free_count();
	first = start(7);
	start(9);
	if (process_fork(first, 0, &twin) == 0 &&
	    space_share(twin, first) == 0) {     // copies nothing, yet
		process_publish(twin);
		sched_ready(&twin->task);
	}
	trap_return(schedule());
}
