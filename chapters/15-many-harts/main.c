// Chapter 15, many harts: the same house, and four who work in it.
#include "files/console.h"
#include "files/fifo.h"
#include "files/files.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/map.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/action.h"
#include "process/affinity.h"
#include "process/batch.h"
#include "process/clone.h"
#include "process/deliver.h"
#include "process/exec.h"
#include "process/family.h"
#include "process/futex.h"
#include "process/group.h"
#include "process/handler.h"
#include "process/harts.h"
#include "process/init.h"
#include "process/process.h"
#include "process/reap.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/system.h"
#include "process/timer.h"
#include "process/usage.h"
#include "process/wait.h"

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	static const char *const arguments[] = { "init" };

	(void)hartid;
	board_init(fdt);
	kprintf("Barefoot, chapter 15: many harts\n");
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
	exec_init();
	family_init();           // 11: parents, children, ends
	clone_init();
	reap_init();
	group_init();
	system_init();
	usage_init();
	action_init();           // 12: signals,
	handler_init();
	deliver_init();
	futex_init();            // threads that wait for each other,
	batch_init();            // many calls with one,
	fifo_init();             // and pipes
	affinity_init();
	harts_init();            // 15: from here on there is a lock
	kprintf("%u harts are at work\n", harts_count());
	init_start("/init", arguments, 1);
	console_open(process_find(1));
	harts_leave(schedule());
}
