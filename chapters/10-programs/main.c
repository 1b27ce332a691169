// Chapter 10, programs: ELF files are executed, with arguments, on newlib.
// There are no families yet: one program after the other, and exit() is the
// chapter's own.
#include "files/console.h"
#include "files/files.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/map.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/exec.h"
#include "process/process.h"
#include "process/sleep.h"
#include "process/start.h"
#include "process/syscall.h"
#include "process/timer.h"
#include "process/wait.h"

static const struct program {
	int count;
	const char *arguments[4];
} programs[] = {
	{ 1, { "/nine" } },
	{ 3, { "/hello", "Barefoot", "again" } },
	{ 1, { "/broken" } },
	{ 1, { "/missing" } },
};

static void start_next(void)
{
	static unsigned next;
	const struct program *p = &programs[next++];
	struct process *process;

	if (next > sizeof programs / sizeof programs[0]) {
		kprintf("all programs have run: power off\n");
		board.poweroff(0);
	}
	kprintf("-- %s\n", p->arguments[0]);
	process = start_program(p->arguments[0], p->arguments, p->count);
	console_open(process);
	sched_ready(&process->task);
}

static int64_t sys_exit(struct call *call)
{
	struct process *process = call->process;

	kprintf("%s exits with %d\n", process->name, (int)call->arg[0]);
	process_end(process);
	process_free(process);
	start_next();
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(93, exit, sys_exit, "int"),
	SYSCALL_ALONE(94, exit_group, sys_exit, "int"),
};

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];

	(void)hartid;
	board_init(fdt);
	kprintf("Barefoot, chapter 10: programs\n");
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	process_init();
	pmp_open();
	pmp_lock_kernel();
	wait_init();
	syscall_init();
	timer_init();
	sleep_init();
	space_init();
	map_init();
	files_init();
	exec_init();             // 10: ELF, arguments, a stack
	SYSCALL_REGISTER(rows);
	start_next();
	trap_return(schedule());
}
