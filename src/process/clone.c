#include "process/clone.h"
#include "lib/errno.h"
#include "memory/alone.h"
#include "memory/share.h"
#include "memory/shortage.h"
#include "process/family.h"
#include "process/user.h"
#include "process/volley.h"

// As Linux's <linux/sched.h> has them; the lowest byte is a signal.
#define CLONE_VM             0x00000100
#define CLONE_SIGHAND        0x00000800
#define CLONE_VFORK          0x00004000
#define CLONE_THREAD         0x00010000
#define CLONE_SETTLS         0x00080000
#define CLONE_PARENT_SETTID  0x00100000
#define CLONE_CHILD_CLEARTID 0x00200000
#define CLONE_CHILD_SETTID   0x01000000

// The arguments in RISC-V's order.
enum { FLAGS, STACK, PARENT_TID, TLS, CHILD_TID };

enum { SHARING = 1, LENDING };   // phases

// Everything that the caller asked to be stored can be, or nothing happens.
static int64_t clone_prepare(struct call *call)
{
	uint64_t flags = call->arg[FLAGS];
	int64_t err = 0;

	// A thread shares memory and handlers; handlers need the memory.
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	if (flags & CLONE_PARENT_SETTID)
		err = user_prepare(call->process, call->arg[PARENT_TID], 4,
		                   USER_WRITE);
	if (!err && (flags & CLONE_CHILD_SETTID))
		err = user_prepare(call->process, call->arg[CHILD_TID], 4,
		                   USER_WRITE);
	return err;
}

// The child's memory is a copy by now, so what it wants to find there is stored
// through its own space.
static int64_t clone_child(struct call *call, struct process *child)
{
	uint64_t flags = call->arg[FLAGS];
	int64_t err = 0;

	child->frame.regs[A0] = 0;
	if (call->arg[STACK])
		child->frame.regs[SP] = call->arg[STACK];
	if (flags & CLONE_SETTLS)
		child->frame.regs[TP] = call->arg[TLS];
	if (flags & CLONE_CHILD_CLEARTID)
		family_of(child)->clear_tid = call->arg[CHILD_TID];
	if (flags & CLONE_PARENT_SETTID)
		err = user_copy_out(call->process, call->arg[PARENT_TID],
		                    &child->pid, 4);
	if (!err && (flags & CLONE_CHILD_SETTID))
		err = user_copy_out(child, call->arg[CHILD_TID],
		                    &child->pid, 4);
	return err;
}

// vfork(): the child has our memory until it executes a program or ends.  Until
// then no handler of ours may run: it would use the stack that the child is on,
// and one with SA_RESTART would make a second child.
static int64_t clone_lend(struct call *call)
{
	struct future *future = future_of(call);
	struct process *child = process_find(future->goal);
	struct process *leader = family_leader(call->process);

	if (!child || family_of(child)->lender != call->process->pid)
		return future->goal;
	future->deaf = true;
	return future_wait(future, &family_of(leader)->changed);
}

// As a process ends, but it is nobody's child yet, so nobody is told.
static void clone_undo(struct process *child)
{
	process_end(child);
	process_free(child);
}

// Somebody ends us in the middle: the child has run nothing, and nobody knows
// it.
static int64_t clone_end(struct future *future)
{
	alone_end(&future->call);
	clone_undo(future->object);
	return FUTURE_RESTART;
}

// The child is whole: it gets a pid, a family, and its turns.
// The pid is given as late as this so that one who is found by it is whole.
static int64_t clone_finish(struct call *call, struct process *child)
{
	struct process *self = call->process;
	int64_t err;

	process_publish(child);
	err = clone_child(call, child);
	if (err) {
		clone_undo(child);
		return err;
	}
	if (call->arg[FLAGS] & CLONE_THREAD)
		family_join(child, self);
	else
		family_bear(child, self);
	sched_charge();
	sched_ready(&child->task);
	if (!(call->arg[FLAGS] & CLONE_VFORK))
		return child->pid;
	family_of(child)->lender = self->pid;
	future_of(call)->phase = LENDING;
	future_of(call)->goal = child->pid;
	return clone_lend(call);
}

// Whether a signal to many would miss the child.
static bool clone_missed(struct process *self)
{
	return family_of(family_leader(self))->reached || volley_concerns(self);
}

// A signal comes first, so that it does not miss the child; whatever its
// handler says, we begin anew after it.
static int64_t clone_anew(struct future *future)
{
	struct trapframe *frame = &future->call.process->frame;

	frame->pc -= 4; // the ecall
	return frame->regs[A0];
}

// A large address space is shared in several passes.  fork() knows no EINTR.
static int64_t clone_share(struct call *call, struct process *child)
{
	struct future *future = future_of(call);
	int64_t err = space_share(child, call->process);

	if (err == PENDING) {
		alone_begin(call);
		future->phase = SHARING;
		future->object = child;
		future->cancel = clone_end;
		return future_insist(future);
	}
	alone_end(call);
	future->object = NULL;
	future->cancel = NULL;
	if (err) {
		clone_undo(child);
		return err;
	}
	if (clone_missed(call->process)) {
		clone_undo(child);
		return clone_anew(future);
	}
	return clone_finish(call, child);
}

static int64_t clone_wait(struct call *call)
{
	future_of(call)->cancel = clone_anew;
	return volley_wait(call);
}

static int64_t clone_begin(struct call *call, struct process **child)
{
	int64_t err;

	if (volley_concerns(call->process))
		return clone_wait(call);
	if (memory_short())
		return memory_wait() == PENDING ? PENDING : -EAGAIN;
	err = clone_prepare(call);
	family_of(family_leader(call->process))->reached = false;
	return err ? err : process_fork(call->process, call->arg[FLAGS], child);
}

// The space must be ours alone from here until the child has all of it.
static int64_t sys_clone(struct call *call)
{
	struct process *child;
	int64_t err;

	if (future_of(call)->phase == LENDING)
		return clone_lend(call);
	if (future_of(call)->phase == SHARING)
		return clone_share(call, future_of(call)->object);
	err = alone_turn(call);
	if (!err)
		err = clone_begin(call, &child);
	if (!err)
		return clone_share(call, child);
	alone_end(call);
	return err;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(220, clone, sys_clone, "flags ptr out:4? ptr out:4?"),
};

void clone_init(void)
{
	SYSCALL_REGISTER(rows);
}
