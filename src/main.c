// The whole system: one line per floor, from the reset vector to a shell.
#include "disk/disk.h"
#include "disk/root.h"
#include "disk/storage.h"
#include "files/fifo.h"
#include "files/files.h"
#include "files/poll.h"
#include "files/select.h"
#include "files/sendfile.h"
#include "files/tmpfs.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/pass.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/emulate.h"
#include "memory/map.h"
#include "memory/page.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "process/action.h"
#include "process/affinity.h"
#include "process/alarm.h"
#include "process/batch.h"
#include "process/census.h"
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
#include "process/sigwait.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/system.h"
#include "process/timer.h"
#include "process/trace.h"
#include "process/usage.h"
#include "process/victim.h"
#include "process/wait.h"

extern char _end[];

// Process 1 runs a command line if the boot arguments have one.
static void start_init(void)
{
	size_t length;
	const char *command = board_arg("cmd", &length);
	const char *arguments[] = { "init", "-c", command };

	init_start("/bin/init", arguments, command ? 3 : 1);
}

static void greet(void)
{
	kprintf("Barefoot on %s: %u hart%s, %lu MiB\n", board.name,
	        board.harts, board.harts == 1 ? "" : "s",
	        board.ram_size >> 20);
	for (unsigned hart = 0; hart < 32; hart++)
		if (board.bare_harts >> hart & 1)
			kprintf("hart %u has no MMU and stays parked\n", hart);
}

void main(unsigned long hartid, uintptr_t fdt)
{
	size_t length;

	(void)hartid;
	board_init(fdt);                         // 1 first light
	greet();
	trap_init();                             // 2 traps
	clock_init();                            // 3 time
	page_init(board_keep((uintptr_t)_end),   // 4 memory
	          board.ram + board.ram_size);
	process_init();                          // 5 a process
	pmp_lock_kernel();
	pmp_open();
	wait_init();                             // 7 waiting; its calls are
	syscall_init();                          // 6 system calls
	timer_init();
	sleep_init();
	shortage_init();                         // 8 address spaces
	space_init();
	map_init();
	emulate_init();
	files_init();                            // 9 files
	exec_init();                             // 10 programs
	family_init();                           // 11 families
	usage_init();
	census_init();
	clone_init();
	reap_init();
	victim_init();
	group_init();
	system_init();
	action_init();                           // 12 conversation
	handler_init();
	deliver_init();
	sigwait_init();
	alarm_init();
	futex_init();
	batch_init();
	fifo_init();
	poll_init();
	select_init();
	tmpfs_init();
	sendfile_init();
	disk_init();                             // 13 disk
	storage_init();                          // 14 file system
	affinity_init();                         // 15 many harts
	trace_init();                            // sees all that is registered
	if (board_arg("passes", &length))
		pass_count();
	harts_init();
	root_choose(start_init);
	harts_leave(schedule());
}
