#include "process/affinity.h"
#include "lib/errno.h"
#include "process/user.h"
#include "process/wait.h"

// A set of harts is a word here: there are fewer of them than it has bits.
#define MASK_SIZE 8

// There is one user, who may do this to all: nothing is EPERM.
static struct process *affinity_process(struct call *call)
{
	int pid = call->arg[0];
	struct process *process = pid ? process_find(pid) : call->process;

	return process && !process->ended ? process : NULL;
}

// The frame looks as if it came from elsewhere, so the hart that is about to
// run it looks whether it may.
static struct trapframe *affinity_turn(struct task *task)
{
	process_of_task(task)->frame.kstack = NULL;
	return future_go_on(task);
}

// One that runs on another hart is called in from there.  One that has a turn
// to take already, by a signal, is left in peace until it has taken it.
static int64_t affinity_move(struct call *call, struct process *process)
{
	struct task *task = &process->task;
	struct hart *hart = sched_runner(task);

	if (hart == NULL || process == call->process) {
		process->frame.kstack = NULL;
	} else if (!(task->barred & 1u << hart->id)) {
		return 0;
	} else if (task->run) {
		return future_again(future_of(call));
	} else {
		task->run = affinity_turn;
		sched_prod(task);
	}
	if (process != call->process)
		return 0;
	process->frame.regs[A0] = 0;
	sched_ready(task);
	return PENDING;
}

static int64_t sys_sched_setaffinity(struct call *call)
{
	uint64_t size = (uint32_t)call->arg[1], mask = 0;
	int64_t err = user_copy_in(call->process, &mask, call->arg[2],
	                           size < MASK_SIZE ? size : MASK_SIZE);
	struct process *process;

	if (err)
		return err;
	process = affinity_process(call);
	if (process == NULL)
		return -ESRCH;
	if ((mask & harts_online) == 0)
		return -EINVAL;
	process->task.barred = ~mask;
	return affinity_move(call, process);
}

// As Linux: how many bytes of the set are meant.
static int64_t sys_sched_getaffinity(struct call *call)
{
	uint64_t size = (uint32_t)call->arg[1], mask;
	struct process *process;
	int64_t err;

	if (size < MASK_SIZE || size % MASK_SIZE)
		return -EINVAL;
	process = affinity_process(call);
	if (process == NULL)
		return -ESRCH;
	mask = harts_online & ~(uint64_t)process->task.barred;
	err = user_copy_out(call->process, call->arg[2], &mask, sizeof mask);
	return err ? err : MASK_SIZE;
}

// There is one node.
static int64_t sys_getcpu(struct call *call)
{
	uint32_t hart = this_hart()->id, node = 0;
	int64_t err = 0;

	if (call->arg[0])
		err = user_copy_out(call->process, call->arg[0], &hart,
		                    sizeof hart);
	if (!err && call->arg[1])
		err = user_copy_out(call->process, call->arg[1], &node,
		                    sizeof node);
	return err;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(122, sched_setaffinity, sys_sched_setaffinity,
	              "int len in:@2"),
	SYSCALL(123, sched_getaffinity, sys_sched_getaffinity,
	        "int len out:8"),
	SYSCALL(168, getcpu, sys_getcpu, "out:4? out:4? ptr"),
};

void affinity_init(void)
{
	SYSCALL_REGISTER(rows);
}
