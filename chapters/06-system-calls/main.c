// Chapter 6, system calls: programs run where they lie in the kernel's image,
// in user mode and behind walls: one after another, several that give way to
// each other, and several that have to share.
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/panic.h"
#include "machine/pmp.h"
#include "machine/walls.h"
#include "memory/page.h"
#include "process/counter.h"
#include "process/process.h"
#include "process/syscall.h"
#include "process/user.h"

extern const struct program {    // made by tools/programs
	const char *name, *start, *end;
} programs[];

static const struct scene {
	const char *title, *names[5];
	bool share;              // slices end
} scenes[] = {
	{ "a batch, one after another", { "hello" }, false },
	{ NULL, { "store_fault" }, false },
	{ NULL, { "priv_csr" }, false },
	{ NULL, { "bad_pointer" }, false },
	{ NULL, { "power" }, false },
	{ NULL, { "counters" }, false },
	{ "two at once, and one reaches for the other's memory",
	  { "write_a", "trespass" }, false },
	{ "three at once, and each gives way",
	  { "write_a", "write_b", "write_c" }, false },
	{ "three at once, and none gives way",
	  { "power_3", "power_5", "power_7" }, true },
	{ "three seconds", { "sleep" }, true },
	{ "all programs have run: power off", { NULL }, false },
};
static const struct scene *next_scene = scenes;
static int alive;                // programs of this scene
static int moves;                // of the walls, in this scene

// What a program has: its text, which it may read and run, and memory of its
// own to write to, for its stack.
struct place {
	const struct program *text;
	void *memory;            // one page frame
};

// What two programs take of the heap and of memory besides, rounded up: where
// there is little, the linker sees to it that there is room (lds/flash.ld).
#define RECORD (sizeof(struct process) + sizeof(struct call) + \
                sizeof(struct place))
static char two[2 * (PAGE_SIZE + 2 * RECORD) + 2 * PAGE_SIZE]
	__attribute__((used, section(".heap_least")));

static void leave(struct process *process);
static struct process_part place_part = {
	.size = sizeof(struct place), .exit = leave,
};

static struct place *place_of(struct process *process)
{
	return process_part(process, &place_part);
}

static void start(const char *name)
{
	static char *before;     // the stack of who was started last
	const struct program *text = programs;
	char *memory = page_alloc_zeroed();
	struct process *process;

	while (strcmp(text->name, name) != 0)
		text++;
	process = process_new(name, (uintptr_t)text->start,
	                      (uintptr_t)memory + PAGE_SIZE);
	if (memory == NULL || process == NULL)
		panic("no memory for %s", name);
	*place_of(process) = (struct place){ text, memory };
	process->frame.satp = process->pid;      // whose walls it has
	process->frame.regs[TP] = (uintptr_t)before;     // for trespass
	before = memory + PAGE_SIZE;
	alive++;
	sched_ready(&process->task);
}

static void play(void)
{
	const struct scene *scene = next_scene++;

	if (scene > scenes && scene[-1].names[1])
		kprintf("-- the walls were moved %d times\n", moves);
	if (scene->title)
		kprintf("-- %s\n", scene->title);
	if (scene->names[0] == NULL)
		board.poweroff(0);
	moves = 0;
	sched_slice = scene->share ? board.timebase / 100 : CLINT_NEVER / 2;
	this_hart()->tick = CLINT_NEVER;         // none of the old length
	for (int i = 0; scene->names[i]; i++)
		start(scene->names[i]);
}

// The part of a process sees its end, too.
static void leave(struct process *process)
{
	page_put(place_of(process)->memory);
	if (--alive == 0)
		play();
}

static struct trapframe *load_walls(struct trapframe *frame)
{
	const struct place *place = place_of(process_of(frame));
	struct walls walls = { .most = PMP_WALLS, .grain = 4 };

	this_hart()->satp = frame->satp;
	user_text = (uintptr_t)place->text->start;
	user_text_end = (uintptr_t)place->text->end;
	user_start = (uintptr_t)place->memory;
	user_end = user_start + PAGE_SIZE;
	if (walls_add(&walls, user_text, user_text_end,
	              WALL_READ | WALL_EXECUTE) ||
	    walls_add(&walls, user_start, user_end, WALL_READ | WALL_WRITE))
		panic("no walls for %s", place->text->name);
	pmp_walls(&walls);
	moves++;
	return frame;
}

static trap_handler next_illegal;

// A read of a counter that the hart leaves to us?  mtval is the instruction, or
// 0 where the looking is left to us as well.  (Privileged Architecture 1.12,
// section 3.1.16.)
static struct trapframe *counter_illegal(struct trapframe *frame, unsigned long cause)
{
	uint32_t instruction = csr_read(mtval);

	if (instruction == 0 &&
	    user_copy_in(process_of(frame), &instruction, frame->pc,
	                 sizeof instruction))
		return next_illegal(frame, cause);
	return counter_emulate(frame, instruction) ? frame
	                                           : next_illegal(frame, cause);
}

static int64_t sys_write(struct call *call)
{
	char text[256];
	size_t size = call->arg[2] < sizeof text ? call->arg[2] : sizeof text;
	int64_t err = user_copy_in(call->process, text, call->arg[1], size);

	for (size_t i = 0; i < size && !err; i++)
		kprintf("%c", text[i]);
	return err ? err : (int64_t)size;
}

static int64_t sys_exit(struct call *call)
{
	kprintf("%s: exited with %d\n", call->process->name,
	        (int)call->arg[0]);
	process_end(call->process);
	process_free(call->process);
	return PENDING;
}

static int64_t sys_clock_gettime(struct call *call)
{
	uint64_t now = clock_monotonic();
	uint64_t time[2] = { now / NANOSECONDS, now % NANOSECONDS };

	return user_copy_out(call->process, call->arg[1], time, sizeof time);
}

static const struct syscall rows[] = {
	SYSCALL(64, write, sys_write, "fd in:@3 len"),
	SYSCALL(93, exit, sys_exit, "int"),
	SYSCALL(113, clock_gettime, sys_clock_gettime, "int out:16"),
};

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];

	board_init(fdt);         // 1: the UART works
	kprintf("Barefoot, chapter 6: system calls\n");
	trap_init();             // 2: traps of this hart arrive at trap()
	kprintf("hart %lu: traps have a door\n", hartid);
	clock_init();            // 3: mtime
	kprintf("the clock runs at %lu Hz\n", board.timebase);
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	kprintf("memory is %s\n", page_free_count() ? "free" : "full");
	pmp_lock_kernel();       // 5: not even the kernel writes its text
	process_init();
	syscall_init();          // 6: the table, and what this chapter adds
	SYSCALL_REGISTER(rows);
	next_illegal = trap_on_exception(CAUSE_ILLEGAL, counter_illegal);
	process_register(&place_part);
	this_hart()->load = load_walls;
	play();
	trap_return(schedule());
}
