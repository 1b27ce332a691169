#include "process/family.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/panic.h"
#include "memory/fault.h"
#include "memory/space.h"
#include "lib/string.h"
#include "process/signal.h"

#define WNOHANG  1
#define WUNTRACED 2
#define WCONTINUED 8
#define WAIT_ANY (WNOHANG | WUNTRACED | WCONTINUED | 0x60000000)

static struct process *init;     // process 1

static int family_fork(struct process *child, struct process *parent, uint64_t flags);
static void family_released(struct process *process);

static struct process_part family_part = {
	.size = sizeof(struct family),
	.fork = family_fork,
	.exec = family_released,
};

struct family *family_of(struct process *process)
{
	return process_part(process, &family_part);
}

static struct process *process_of_sibling(struct list *sibling)
{
	return (struct process *)((char *)container_of(sibling, struct family,
	                                               sibling) -
	                          family_part.offset);
}

static int family_fork(struct process *child, struct process *parent, uint64_t flags)
{
	struct family *family = family_of(child);
	(void)flags;

	list_init(&family->children);
	list_init(&family->sibling);
	waker_init(&family->changed);
	family->born = clock_monotonic();
	if (parent == NULL)
		return 0;
	family->parent = parent;
	family->group = family_of(parent)->group;
	family->session = family_of(parent)->session;
	return 0;
}

// A vfork()ed child has a space of its own now, or none any more.
static void family_released(struct process *process)
{
	struct family *family = family_of(process);

	if (family->lender)
		wake_all(&family_of(family->lender)->changed);
	family->lender = NULL;
}

// ---- the end ---------------------------------------------------------------

static void family_adopt(struct process *child)
{
	struct family *family = family_of(child);

	list_remove(&family->sibling);
	family->parent = init;
	if (family->zombie)
		list_add_head(&family_of(init)->children, &family->sibling);
	else
		list_add_tail(&family_of(init)->children, &family->sibling);
}

static void family_leave_orphans(struct process *process)
{
	struct family *family = family_of(process);
	bool any = !list_empty(&family->children);

	LIST_EACH(node, &family->children)
		family_adopt(process_of_sibling(node));
	if (any)
		wake_all(&family_of(init)->changed);
}

// The machine ends with its first process.
static void family_poweroff(int status)
{
	int code = status >> 8 & 0xff;

	if (status & 0x7f) {
		code = 128 + (status & 0x7f);
		kprintf("init: killed by signal %d\n", status & 0x7f);
	}
	board.poweroff(code);
}

void family_exit(struct process *process, int status)
{
	struct family *family = family_of(process);
	uint64_t zero = 0;

	if (process == init)
		family_poweroff(status);
	if (family->clear_tid && space_of(process)->refs > 1)
		user_copy_out(process, family->clear_tid, &zero, 4);
	family_leave_orphans(process);
	process_end(process);
	family_released(process);
	family->zombie = true;
	family->status = status;
	list_remove(&family->sibling);
	list_add_head(&family_of(family->parent)->children, &family->sibling);
	wake_all(&family_of(family->parent)->changed);
}

static struct trapframe *family_die(struct task *task)
{
	struct process *process = process_of_task(task);

	family_exit(process, STATUS_SIGNAL(family_of(process)->killed_by));
	return NULL;
}

void family_kill(struct process *process, int signal)
{
	struct family *family = family_of(process);

	if (family->zombie || family->killed_by)
		return;
	family->killed_by = signal;
	future_cancel(process);
	process->task.run = family_die;
	sched_wake(&process->task);
}

static struct trapframe *family_fault(struct process *process, uint64_t cause, uint64_t tval)
{
	int signal = signal_of_cause(cause);

	kprintf("%s[%d]: %s at pc %lx, address %lx: killed by %s\n",
	        process->name, process->pid, trap_cause_name(cause),
	        process->frame.pc, tval, signal_name(signal));
	family_exit(process, STATUS_SIGNAL(signal));
	return schedule();
}

static struct trapframe *family_no_memory(struct process *process)
{
	kprintf("%s[%d]: out of memory: killed by SIGKILL\n", process->name,
	        process->pid);
	family_exit(process, STATUS_SIGNAL(SIGKILL));
	return schedule();
}

static int64_t sys_exit(struct call *call)
{
	family_exit(call->process, STATUS_EXIT(call->arg[0]));
	return PENDING;
}

// ---- wait4 -----------------------------------------------------------------

static bool family_matches(struct process *child, struct process *parent, int wanted)
{
	if (wanted > 0)
		return child->pid == wanted;
	if (wanted == -1)
		return true;
	return family_of(child)->group ==
	       (wanted ? -wanted : family_of(parent)->group);
}

// A child that matches, a zombie if there is one.
static struct process *family_child(struct process *parent, int wanted)
{
	struct process *found = NULL;

	LIST_EACH(node, &family_of(parent)->children) {
		struct process *child = process_of_sibling(node);

		if (found && !family_of(child)->zombie)
			break;
		if (!family_matches(child, parent, wanted))
			continue;
		found = child;
		if (family_of(child)->zombie)
			break;
	}
	return found;
}

// The record goes only when all that the parent asked for could be stored.
static int64_t family_reap(struct call *call, struct process *child)
{
	uint64_t status = call->arg[1], usage = call->arg[3];
	int pid = child->pid;
	int64_t err = 0;

	if (usage)
		err = user_zero(call->process, usage, 144);
	if (!err && status)
		err = user_copy_out(call->process, status,
		                    &family_of(child)->status, sizeof(int));
	if (err)
		return err;
	list_remove(&family_of(child)->sibling);
	process_free(child);
	return pid;
}

static int64_t sys_wait4(struct call *call)
{
	struct process *self = call->process;
	struct process *child;

	if (call->arg[2] & ~(uint64_t)WAIT_ANY & 0xffffffff)
		return -EINVAL;
	if ((int)call->arg[0] == INT32_MIN)
		return -ESRCH;
	child = family_child(self, call->arg[0]);
	if (child == NULL)
		return -ECHILD;
	if (family_of(child)->zombie)
		return family_reap(call, child);
	if (call->arg[2] & WNOHANG)
		return 0;
	return future_wait(future_of(call), &family_of(self)->changed);
}

// ---- who am I --------------------------------------------------------------

static int64_t sys_getppid(struct call *call)
{
	struct process *parent = family_of(call->process)->parent;

	return parent ? parent->pid : 0;
}

static int64_t sys_gettid(struct call *call)
{
	return call->process->pid;
}

static int64_t sys_set_tid_address(struct call *call)
{
	family_of(call->process)->clear_tid = call->arg[0];
	return call->process->pid;
}

// With one thread a process has nobody to tell.
static int64_t sys_set_robust_list(struct call *call)
{
	return call->arg[1] == 24 ? 0 : -EINVAL;
}

static const struct syscall rows[] = {
	SYSCALL(93, exit, sys_exit, "int"),
	SYSCALL(94, exit_group, sys_exit, "int"),
	SYSCALL(96, set_tid_address, sys_set_tid_address, "ptr"),
	SYSCALL(99, set_robust_list, sys_set_robust_list, "ptr len"),
	SYSCALL(173, getppid, sys_getppid, "none"),
	SYSCALL(178, gettid, sys_gettid, "none"),
	SYSCALL(260, wait4, sys_wait4, "int out:4? flags out:144?"),
};

void family_init(void)
{
	process_register(&family_part);
	process_on_fault = family_fault;
	fault_no_memory = family_no_memory;
	SYSCALL_REGISTER(rows);
}

// ---- process 1 -------------------------------------------------------------

#define START 0x1100000ul        // as our programs are linked
#define SYS_EXECVE 221

// Two system calls: execve(path, argv, envp); exit(what it answered).
static const uint32_t start_code[] = {
	0x00000073,              // ecall
	0x05d00893,              // li a7, 93
	0x00000073,              // ecall
};

struct start_page {
	uint32_t code[4];
	uint64_t argv[8];        // addresses; ends with NULL
	char strings[3000];      // path first
};

static void start_fill(struct start_page *page, const char *path, const char *const arguments[], int count)
{
	size_t used = 0, room = sizeof page->strings;

	memcpy(page->code, start_code, sizeof start_code);
	used += format(page->strings, room, "%s", path) + 1;
	for (int i = 0; i < count && i < 7; i++) {
		page->argv[i] = START + offsetof(struct start_page, strings) + used;
		used += format(page->strings + used, room - used, "%s",
		               arguments[i]) + 1;
		if (used > room)
			panic("the arguments of process 1 are too long");
	}
}

void family_start(const char *path, const char *const arguments[], int count)
{
	struct area area = { .start = START, .end = START + PAGE_SIZE,
		             .access = USER_READ | USER_WRITE };
	struct start_page *page = page_alloc_zeroed();
	struct space *space = space_new();

	init = process_new("init", START, START);
	if (!page || !space || !init || space_add(space, &area))
		panic("no memory for process 1");
	start_fill(page, path, arguments, count);
	space_write(space, START, page, sizeof *page);
	page_put(page);
	space_protect(space, START, START + PAGE_SIZE, USER_READ | USER_EXECUTE);
	space_enter(init, space);
	init->frame.regs[A0] = START + offsetof(struct start_page, strings);
	init->frame.regs[A1] = START + offsetof(struct start_page, argv);
	init->frame.regs[A7] = SYS_EXECVE;
	family_of(init)->group = family_of(init)->session = init->pid;
	sched_ready(&init->task);
}
