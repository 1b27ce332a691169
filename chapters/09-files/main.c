// Chapter 9, files: three programs that are files themselves list directories,
// read files, and read a line that the scene types.
#include "files/console.h"
#include "files/file.h"
#include "files/files.h"
#include "files/path.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/map.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/process.h"
#include "process/syscall.h"
#include "process/timer.h"
#include "process/wait.h"

#define CODE 0x1100000ul // as user.ld has it
#define CODE_OFFSET 0x1000ul // where it lies in the file
#define KEY_MS 20 // from one key to the next

static const char *const programs[] = { "/list", "/show", "/ask", NULL };
static const char *const *next = programs;

// Two letters too many are rubbed out; ^D ends the input.
static const char typed[] = "Barefood\177\177ot\r\004";
static const char *key = typed;
static struct timer typist;

static void type_later(struct timer *timer)
{
	timer_start(timer, clint_now() + clock_ticks(KEY_MS * 1000000));
}

static void type(struct timer *timer)
{
	console_type(key++, 1);
	if (*key)
		type_later(timer);
}

// Text comes from the file as it is touched, and the stack from nothing.
static void map_program(struct space *space, struct inode *inode)
{
	uint64_t size = inode->size - CODE_OFFSET;
	struct area code = { .start = CODE,
		             .end = CODE + PAGE_SIZE,
		             .access = USER_READ | USER_EXECUTE,
		             .pager = &inode->pager,
		             .offset = CODE_OFFSET,
		             .valid = size < PAGE_SIZE ? size : PAGE_SIZE };
	struct area stack = { .start = CODE - 4 * PAGE_SIZE,
		              .end = CODE,
		              .access = USER_READ | USER_WRITE };

	space->stack_top = CODE;
	if (space_add(space, &code) || space_add(space, &stack))
		panic("no memory for a scene");
}

static void start(const char *path)
{
	struct process *process = process_new(path + 1, CODE, CODE);
	struct space *space = space_new();
	struct inode *inode;

	if (!process || !space || path_lookup(process, NULL, path, 0, &inode))
		panic("no program %s", path);
	map_program(space, inode);
	inode_put(inode); // the areas hold it
	space_enter(process, space);
	console_open(process);
	kprintf("-- %s\n", path);
	if (strcmp(path, "/ask") == 0) {
		typist.fire = type;
		type_later(&typist);
	}
	sched_ready(&process->task);
}

static int64_t sys_exit(struct call *call)
{
	process_end(call->process);
	process_free(call->process);
	if (*next == NULL) {
		kprintf("all programs have run: power off\n");
		board.poweroff(0);
	}
	start(*next++);
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL(93, exit, sys_exit, "int"),
};

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];

	(void)hartid;
	board_init(fdt);
	board.bootargs = ""; // the scene types, and nobody else
	kprintf("Barefoot, chapter 9: files\n");
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	process_init();
	pmp_lock_kernel();
	pmp_open();
	wait_init();
	syscall_init();
	timer_init();
	space_init();
	map_init();
	files_init();
	SYSCALL_REGISTER(rows);
	start(*next++);
	trap_return(schedule());
}
