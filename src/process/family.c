#include "process/family.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/clock.h"
#include "memory/space.h"
#include "process/exec.h"
#include "process/halt.h"
#include "process/orphans.h"
#include "process/signal.h"
#include "process/user.h"

static int family_fork(struct process *child, struct process *parent, uint64_t flags);
static void family_exec(struct process *process);
static void family_doom(struct process *thread);

struct process_part family_part = {
	.size = sizeof(struct family),
	.fork = family_fork,
	.exec = family_exec,
};

static struct process *process_of_family(struct family *family)
{
	return (struct process *)((char *)family - family_part.offset);
}

struct process *family_thread(struct list *node)
{
	return process_of_family(container_of(node, struct family, threads));
}

struct process *family_sibling(struct list *node)
{
	return process_of_family(container_of(node, struct family, sibling));
}

static void family_kill_by_default(struct process *process, const struct siginfo *info)
{
	if (process->pid != 1 && signal_default(info->signal) == SIGNAL_ENDS)
		family_kill(process, info->signal);
}

static void family_nobody_waits(struct process *process, uint64_t clear_tid)
{
	(void)process, (void)clear_tid;
}

static bool family_remembers(struct process *parent)
{
	(void)parent;
	return false;
}

static void family_goes(struct process *leader)
{
	(void)leader;
}

void (*family_leaves)(struct process *) = family_goes;
void (*family_parts)(struct process *) = family_goes;
bool (*family_forgets)(struct process *) = family_remembers;
void (*family_signal)(struct process *, const struct siginfo *) =
	family_kill_by_default;
void (*family_thread_gone)(struct process *, uint64_t) = family_nobody_waits;

int family_stopped;

void family_stop(struct process *leader, int signal)
{
	struct family *family = family_of(leader);

	family_stopped += (signal != 0) - (family->stopped != 0);
	family->stopped = signal;
}

// Alone at first: a leader without parent or children.
static int family_fork(struct process *child, struct process *parent, uint64_t flags)
{
	struct family *family = family_of(child);
	(void)parent, (void)flags;

	family->leader = child;
	family->alive = 1;
	list_init(&family->threads);
	list_init(&family->children);
	list_init(&family->sibling);
	waker_init(&family->changed);
	family->born = clock_monotonic();
	return 0;
}

void family_bear(struct process *child, struct process *parent)
{
	struct family *family = family_of(child);
	struct family *above = family_of(family_leader(parent));

	family->parent = above->leader;
	family->group = above->group;
	family->session = above->session;
	list_add_tail(&above->children, &family->sibling);
}

void family_join(struct process *thread, struct process *parent)
{
	struct process *leader = family_leader(parent);

	family_of(thread)->leader = leader;
	thread->tgid = leader->tgid;
	list_add_tail(&family_of(leader)->threads, &family_of(thread)->threads);
	family_of(leader)->alive++;
}

// A vfork()ed child has a space of its own now, or none any more.
static void family_released(struct process *process)
{
	struct family *family = family_of(process);
	struct process *lender = family->lender ? process_find(family->lender)
	                                        : NULL;

	family->lender = 0;
	if (lender)
		wake_all(&family_of(family_leader(lender))->changed);
}

// A leader that has ended is needed again, for its pid is the process's.  What
// the floors below let go of it gets from the thread that executes; what this
// one and those above keep for the whole process is there still.
static void family_revive(struct process *leader, struct process *thread)
{
	process_revive(leader, thread, &family_part);
	family_of(leader)->killed_by = 0;
	family_of(leader)->alive++;
}

// The leader goes on with the new program, the other threads end: the caller
// too, if it is not the leader.  They do so at their next turn, so the leader
// must count before the last of them could be taken for the end of all.
static struct process *family_survivor(struct process *process)
{
	struct process *leader = family_leader(process);

	if (leader->ended)
		family_revive(leader, process);
	FAMILY_THREADS(node, leader)
		family_doom(family_thread(node));
	if (leader != process) {
		future_cancel(leader);
		sched_wake(&leader->task);
	}
	return leader;
}

// Addresses in the old program mean nothing any more.
static void family_exec(struct process *process)
{
	family_of(process)->clear_tid = 0;
	family_of(process)->robust_list = 0;
	family_released(process);
}

// ---- the end of a process ---------------------------------------------------

struct siginfo family_info(struct process *child, int status)
{
	struct siginfo info = { .signal = SIGCHLD, .code = CLD_EXITED,
		                .pid = child->pid, .status = status >> 8 };

	if (status == STATUS_CONTINUED) {
		info.code = CLD_CONTINUED;
		info.status = SIGCONT;
	} else if ((status & 0xff) == STATUS_STOPPED(0)) {
		info.code = CLD_STOPPED;
	} else if (status & 0x7f) {
		info.code = CLD_KILLED;
		info.status = status & 0x7f;
	}
	return info;
}

// The last thread is gone; the leader's record waits for the parent.
static void family_end(struct process *leader)
{
	struct family *family = family_of(leader);
	struct siginfo info = family_info(leader, family->status);
	struct process *parent = family->parent;

	wake_all(&halt_waker);
	if (parent == NULL) {            // process 1: the machine goes off
		family->zombie = true;
		return;
	}
	family_leaves(leader);
	orphans_leave(leader);
	family->zombie = true;
	list_remove(&family->sibling);
	if (family_of(parent)->zombie || family_forgets(parent))
		process_free(leader);
	else
		list_add_head(&family_of(parent)->children, &family->sibling);
	wake_all(&family_of(parent)->changed);
	family_signal(parent, &info);
}

void family_exit_thread(struct process *process, int status)
{
	struct family *family = family_of(process);
	struct process *leader = family->leader;
	struct family *whole = family_of(leader);
	bool last = whole->alive == 1;

	if (!whole->ending)
		whole->status = status;
	if (last && leader->pid == 1)
		halt_with_init(leader, whole->status);
	if (space_of(process))
		family_thread_gone(process, family->clear_tid);
	// A call that it was in waits no more before the parts go: closing its
	// files wakes others, and must not wake this task again.
	future_cancel(process);
	process_end(process);
	family_released(process);
	whole->alive--;
	if (process != leader) {
		whole->gone += process->task.used;
		list_remove(&family->threads);
		process_free(process);
	}
	if (last)
		family_end(leader);
}

static struct trapframe *family_die(struct task *task)
{
	struct process *process = process_of_task(task);

	// Its end says nothing of the process's, which may go on: with another
	// program, or with the status that is set already.
	if ((space_of(process) && space_shrink(space_of(process))) ||
	    orphans_part(process))
		sched_ready(task);       // more of it when others had a turn
	else
		family_exit_thread(process,
		                   family_of(family_leader(process))->status);
	return NULL;
}

// One that has ended already has no turn any more.
// A call that waits is ended here, while its memory and its files are there;
// one that runs right now is on the stack below us, and sees to itself.
static void family_doom(struct process *thread)
{
	struct family *family = family_of(thread);

	if (family->killed_by || thread->ended)
		return;
	family->killed_by = SIGKILL;
	if (this_hart()->running != &thread->task) // else it is in the middle
		future_cancel(thread);
	thread->task.run = family_die;
	sched_prod(&thread->task);
}

// The first reason counts: a thread that dies of the end of the others does not
// change what the parent is told.
static void family_end_with(struct process *leader, int status)
{
	struct family *family = family_of(leader);

	if (!family->ending)
		family->status = status;
	family->ending = true;
}

// The others first: then nobody counts as the last but the last.
void family_exit(struct process *process, int status)
{
	struct process *leader = family_leader(process);

	family_end_with(leader, status);
	FAMILY_THREADS(node, leader)
		if (family_thread(node) != process)
			family_doom(family_thread(node));
	if (leader != process)
		family_doom(leader);
	family_exit_thread(process, status);
}

void family_kill(struct process *process, int signal)
{
	struct process *leader = family_leader(process);

	if (family_of(leader)->zombie)
		return;
	family_end_with(leader, STATUS_SIGNAL(signal));
	FAMILY_THREADS(node, leader)
		family_doom(family_thread(node));
	family_doom(leader);
}

static struct trapframe *family_fault(struct process *process, unsigned long cause, unsigned long tval)
{
	int signal = signal_of_cause(cause);

	kprintf("%s[%d]: %s at pc %lx, address %lx: killed by %s\n",
	        process->name, process->pid, trap_cause_name(cause),
	        process->frame.pc, tval, signal_name(signal));
	family_exit(process, STATUS_SIGNAL(signal));
	return schedule();
}

// The memory goes in several passes, before the rest of the process: no handler
// may run on what is left of it, so it counts as one that is killed.
static bool family_shrinks(struct process *process)
{
	if (!space_shrink(space_of(process)) && !orphans_part(process))
		return false;
	family_of(process)->killed_by = SIGKILL;
	return true;
}

static int64_t sys_exit(struct call *call)
{
	if (family_shrinks(call->process))
		return future_again(future_of(call));
	family_exit_thread(call->process, STATUS_EXIT(call->arg[0]));
	return PENDING;
}

static int64_t sys_exit_group(struct call *call)
{
	if (family_shrinks(call->process))
		return future_again(future_of(call));
	family_exit(call->process, STATUS_EXIT(call->arg[0]));
	return PENDING;
}

// ---- who am I --------------------------------------------------------------

static int64_t sys_getppid(struct call *call)
{
	struct process *leader = family_leader(call->process);
	struct process *parent = family_of(leader)->parent;

	return parent ? parent->pid : 0;
}

static int64_t sys_gettid(struct call *call)
{
	return call->process->pid;
}

static bool free_gettid(struct trapframe *frame)
{
	frame->regs[A0] = process_of(frame)->pid;
	return true;
}

static int64_t sys_set_tid_address(struct call *call)
{
	family_of(call->process)->clear_tid = call->arg[0];
	return call->process->pid;
}

static int64_t sys_set_robust_list(struct call *call)
{
	if (call->arg[1] != 24)          // sizeof(struct robust_list_head)
		return -EINVAL;
	family_of(call->process)->robust_list = call->arg[0];
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(93, exit, sys_exit, "int"),
	SYSCALL_ALONE(94, exit_group, sys_exit_group, "int"),
	SYSCALL_ALONE(96, set_tid_address, sys_set_tid_address, "ptr"),
	SYSCALL_ALONE(99, set_robust_list, sys_set_robust_list, "ptr len"),
	SYSCALL(173, getppid, sys_getppid, "none"),
	SYSCALL_FREE(178, gettid, sys_gettid, free_gettid, "none"),
};

void family_init(void)
{
	process_register(&family_part);
	process_on_fault = family_fault;
	exec_survivor = family_survivor;
	SYSCALL_REGISTER(rows);
}
