#include "process/syscall.h"
#include "lib/errno.h"
#include "machine/csr.h"
#include "machine/panic.h"

static int64_t sys_unknown(struct call *call)
{
	(void)call;
	return -ENOSYS;
}

// The last one is for all numbers beyond.
static syscall_handler handlers[SYSCALL_LIMIT + 1] = {
	[0 ... SYSCALL_LIMIT] = sys_unknown,
};
const struct syscall *syscall_table[SYSCALL_LIMIT];

static int call_fork(struct process *child, struct process *parent, uint64_t flags)
{
	(void)parent, (void)flags;
	call_of(child)->process = child;
	call_of(child)->task = &child->task;
	syscall_reset(call_of(child));
	return 0;
}

struct process_part syscall_part = {
	.size = sizeof(struct call),
	.fork = call_fork,
};

// Two rows for one number would make the order of the init calls decide.
void syscall_register(const struct syscall *rows, int count)
{
	for (int i = 0; i < count; i++) {
		int number = rows[i].number;

		if (syscall_table[number])
			panic("system call %d registered twice", number);
		syscall_table[number] = &rows[i];
		handlers[number] = rows[i].handler;
	}
}

// The result goes to a0 of a process that goes on; a pending one may have
// parked, given way, or ended: somebody else runs.  Most often no other
// register was touched.
// pc goes on before the call, since a handler or a fork has to start behind it;
// a call that is to start again takes it back.
static struct trapframe *syscall_trap(struct trapframe *frame, unsigned long cause)
{
	uint64_t number = frame->regs[A7];
	int64_t result;
	(void)cause;

	frame->pc += 4;
	if (number > SYSCALL_LIMIT)
		number = SYSCALL_LIMIT;
	result = handlers[number](call_of(process_of(frame)));
	if (result <= PENDING)
		return result == PENDING ? schedule()
		                         : &process_running()->frame;
	frame = &process_running()->frame;
	frame->regs[A0] = result;
	return trap_same(frame);
}

static int64_t sys_getpid(struct call *call)
{
	return call->process->tgid;
}

static bool free_getpid(struct trapframe *frame)
{
	frame->regs[A0] = process_of(frame)->tgid;
	return true;
}

// The result is stored here, for after PENDING nobody else does.
static int64_t sys_sched_yield(struct call *call)
{
	struct task *task = this_hart()->running;
	(void)call;

	process_of_task(task)->frame.regs[A0] = 0;
	sched_ready(task);
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(124, sched_yield, sys_sched_yield, "none"),
	SYSCALL_FREE(172, getpid, sys_getpid, free_getpid, "none"),
};

void syscall_init(void)
{
	process_register(&syscall_part);
	if (syscall_part.offset != sizeof(struct process))
		panic("system calls are not the first part of a process");
	trap_on_exception(CAUSE_ECALL_U, syscall_trap);
	SYSCALL_REGISTER(rows);
}
