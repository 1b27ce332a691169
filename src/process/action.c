#include "process/action.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "process/deliver.h"
#include "process/user.h"

#define SIGSET_SIZE 8
#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define CLONE_VM      0x00000100
#define CLONE_SIGHAND 0x00000800
#define CLONE_VFORK   0x00004000
#define CLONE_THREAD  0x00010000

#define SS_ONSTACK  1
#define SS_DISABLE  2
#define STACK_LEAST 2048         // MINSIGSTKSZ

static int signals_fork(struct process *child, struct process *parent, uint64_t flags);
static void signals_exec(struct process *process);
static void signals_exit(struct process *process);

struct process_part signals_part = {
	.size = sizeof(struct signals),
	.fork = signals_fork,
	.exec = signals_exec,
	.exit = signals_exit,
};

// Most often one signal is on its way, and then nothing is allocated: so a
// SIGCHLD comes with its details even when memory is out.
struct pending *pending_new(struct signals *signals)
{
	if (list_empty(&signals->first.node))
		return &signals->first;
	return kmalloc(sizeof(struct pending));
}

void pending_free(struct signals *signals, struct pending *pending)
{
	list_remove(&pending->node);
	if (pending != &signals->first)
		kfree(pending);
}

static void queue_forget(struct signals *signals, struct list *queue, sigset set)
{
	LIST_EACH(node, queue) {
		struct pending *p = container_of(node, struct pending, node);

		if (sigset_of(p->info.signal) & set)
			pending_free(signals, p);
	}
}

static void thread_forgets(struct process *thread, sigset set)
{
	struct signals *signals = signals_of(thread);

	signals->pending &= ~set;
	queue_forget(signals, &signals->queue, set);
}

// The records go with the bits: one that stayed would be taken for a second
// signal when the next one comes.
void signals_forget(struct process *leader, sigset set)
{
	struct signals *signals = signals_of(leader);

	signals->group_pending &= ~set;
	queue_forget(signals, &signals->group_queue, set);
	thread_forgets(leader, set);
	FAMILY_THREADS(node, leader)
		thread_forgets(family_thread(node), set);
}

// ---- the table of actions ----

static void actions_put(struct signals *signals)
{
	if (signals->actions && --signals->actions->refs == 0)
		kfree(signals->actions);
	signals->actions = NULL;
}

// A copy for one alone; what it has is let go of.  NULL: out of memory.
static struct actions *actions_copy(struct signals *signals)
{
	struct actions *old = signals->actions, *own = kmalloc(sizeof *own);

	if (own == NULL)
		return NULL;
	if (old)
		*own = *old;
	else
		memset(own, 0, sizeof *own);
	own->refs = 1;
	own->joint = false;
	actions_put(signals);
	signals->actions = own;
	return own;
}

// A table to change.
// Forks share the table until one side changes it: 1.5 KiB that most never
// need.
static struct actions *actions_own(struct signals *signals)
{
	struct actions *old = signals->actions;

	return old && (old->refs == 1 || old->joint) ? old
	                                             : actions_copy(signals);
}

// A joint table is nobody's else: others get a copy at once.
static int actions_fork(struct signals *child, struct signals *parent,
                        uint64_t flags)
{
	bool join = flags & CLONE_SIGHAND;

	if (join && !actions_own(parent))
		return -ENOMEM;
	child->actions = parent->actions;
	if (child->actions == NULL)
		return 0;
	child->actions->refs++;
	child->actions->joint |= join;
	if (join || !child->actions->joint || actions_copy(child))
		return 0;
	actions_put(child);
	return -ENOMEM;
}

// What it does from now on is its own business.  Without memory: by default.
static void actions_part(struct signals *signals)
{
	if (signals->actions && signals->actions->joint &&
	    !actions_copy(signals))
		actions_put(signals);
}

// ---- in the life of a process ----

// A child starts without pending signals; the mask, the actions and the
// handler stack are the parent's.  A thread's actions are its leader's, and it
// has no handler stack: two threads on one would overwrite each other.  (A
// child of vfork() may have its parent's, who sleeps meanwhile.)
static int signals_fork(struct process *child, struct process *parent, uint64_t flags)
{
	struct signals *signals = signals_of(child);

	list_init(&signals->queue);
	list_init(&signals->group_queue);
	list_init(&signals->first.node);
	if (parent == NULL)
		return 0;
	signals->blocked = signals_of(parent)->blocked;
	if ((flags & (CLONE_VM | CLONE_VFORK)) != CLONE_VM) {
		signals->stack = signals_of(parent)->stack;
		signals->stack_size = signals_of(parent)->stack_size;
	}
	if (flags & CLONE_THREAD)
		return 0;
	return actions_fork(signals, signals_of(family_leader(parent)), flags);
}

static void signals_exit(struct process *process)
{
	struct signals *group = signals_of(family_leader(process));

	thread_forgets(process, ~0ul);
	if (!family_last(process))
		return;
	queue_forget(group, &group->group_queue, ~0ul);
	group->group_pending = 0;
	actions_put(group);
}

// Handlers are gone with the program, what was ignored stays so.  This cannot
// fail: if there is no memory for a table of one's own, all is as at first.
// What is blocked is up to the thread that called execve(), which runs, and
// need not be the one that goes on.
static void signals_exec(struct process *process)
{
	struct signals *signals = signals_of(process);
	static const struct sigaction by_default;

	signals->blocked = signals_of(process_running())->blocked;
	signals->suspending = false;
	signals->awaited = 0;
	signals->stack_size = 0;
	actions_part(signals);
	for (int i = 1; i < SIGNALS; i++)
		if (action_of(process, i).handler > SIG_IGN &&
		    action_set(process, i, &by_default))
			actions_put(signals);
}

struct sigaction action_of(struct process *process, int signal)
{
	struct actions *actions = signals_of(family_leader(process))->actions;
	static const struct sigaction by_default;

	return actions ? actions->action[signal] : by_default;
}

int action_set(struct process *process, int signal, const struct sigaction *action)
{
	struct actions *actions =
		actions_own(signals_of(family_leader(process)));

	if (actions == NULL)
		return -ENOMEM;
	actions->action[signal] = *action;
	return 0;
}

bool action_ignores(int signal, const struct sigaction *action)
{
	return action->handler == SIG_IGN ||
	       (action->handler == SIG_DFL &&
	        (signal_default(signal) == SIGNAL_IGNORED ||
	         signal_default(signal) == SIGNAL_CONTINUES));
}

// The old action is stored last, but its place is prepared first: if it is bad,
// nothing has changed.
static int64_t sys_rt_sigaction(struct call *call)
{
	struct process *self = call->process;
	int signal = call->arg[0];
	struct sigaction new, old;
	int64_t err = 0;

	if (signal <= 0 || signal >= SIGNALS || call->arg[3] != SIGSET_SIZE)
		return -EINVAL;
	if (call->arg[1] && (signal == SIGKILL || signal == SIGSTOP))
		return -EINVAL;
	old = action_of(self, signal);
	if (call->arg[2])
		err = user_prepare(self, call->arg[2], sizeof old, USER_WRITE);
	if (!err && call->arg[1])
		err = user_copy_in(self, &new, call->arg[1], sizeof new);
	if (!err && call->arg[1])
		err = action_set(self, signal, &new);
	// One that is blocked would else come back with the next handler.
	// (POSIX, "Signal Actions".)
	if (!err && call->arg[1] && action_ignores(signal, &new))
		signals_forget(family_leader(self), sigset_of(signal));
	if (!err && call->arg[2])
		err = user_copy_out(self, call->arg[2], &old, sizeof old);
	return err;
}

// A signal that is let in now is taken before the call returns.  (POSIX says so
// of at least one.)
static int64_t sys_rt_sigprocmask(struct call *call)
{
	struct process *self = call->process;
	sigset old = signals_of(self)->blocked, set;
	int64_t err = 0;

	if (call->arg[3] != SIGSET_SIZE)
		return -EINVAL;
	if (call->arg[2])
		err = user_prepare(self, call->arg[2], sizeof old, USER_WRITE);
	if (!err && call->arg[1])
		err = user_copy_in(self, &set, call->arg[1], sizeof set);
	if (!err && call->arg[1] && call->arg[0] > SIG_SETMASK)
		err = -EINVAL;
	if (!err && call->arg[2])
		err = user_copy_out(self, call->arg[2], &old, sizeof old);
	if (err || !call->arg[1])
		return err;
	if (call->arg[0] == SIG_BLOCK)
		set = old | set;
	else if (call->arg[0] == SIG_UNBLOCK)
		set = old & ~set;
	signal_block(self, set);
	signal_notify(self);
	return future_return(call, 0);
}

static int64_t sys_rt_sigpending(struct call *call)
{
	struct process *self = call->process;
	sigset set = signals_of(self)->blocked &
	             (signals_of(self)->pending |
	              signals_of(family_leader(self))->group_pending);

	if (call->arg[1] > SIGSET_SIZE)
		return -EINVAL;
	return user_copy_out(self, call->arg[0], &set, call->arg[1]);
}

// Linux's stack_t.
struct stack_t {
	uint64_t start;
	int flags, pad;
	uint64_t size;
};

// Such a parent's wait4() lasts until it has no child left, and then says
// ECHILD.
static bool action_forgets(struct process *parent)
{
	struct sigaction action = action_of(parent, SIGCHLD);

	return action.handler == SIG_IGN || (action.flags & SA_NOCLDWAIT);
}

static bool on_signal_stack(struct process *process)
{
	struct signals *signals = signals_of(process);

	return process->frame.regs[SP] - signals->stack < signals->stack_size;
}

// Not while a handler is on it: it would lose the ground under its feet.
static int64_t stack_change(struct process *self, const struct stack_t *wanted)
{
	struct signals *signals = signals_of(self);

	if (on_signal_stack(self))
		return -EPERM;
	if (wanted->flags & ~(SS_DISABLE | SS_ONSTACK))
		return -EINVAL;
	if (!(wanted->flags & SS_DISABLE) && wanted->size < STACK_LEAST)
		return -ENOMEM;
	signals->stack = wanted->start;
	signals->stack_size = wanted->flags & SS_DISABLE ? 0 : wanted->size;
	return 0;
}

static int64_t sys_sigaltstack(struct call *call)
{
	struct process *self = call->process;
	struct signals *signals = signals_of(self);
	struct stack_t new, old = { signals->stack, 0, 0, signals->stack_size };
	int64_t err = 0;

	old.flags = !signals->stack_size ? SS_DISABLE
	            : on_signal_stack(self) ? SS_ONSTACK : 0;
	if (call->arg[1])
		err = user_prepare(self, call->arg[1], sizeof old, USER_WRITE);
	if (!err && call->arg[0])
		err = user_copy_in(self, &new, call->arg[0], sizeof new);
	if (!err && call->arg[0])
		err = stack_change(self, &new);
	if (!err && call->arg[1])
		err = user_copy_out(self, call->arg[1], &old, sizeof old);
	return err;
}

static const struct syscall rows[] = {
	SYSCALL(132, sigaltstack, sys_sigaltstack, "in:24? out:24?"),
	SYSCALL(134, rt_sigaction, sys_rt_sigaction, "int in:24? out:24? int"),
	SYSCALL(135, rt_sigprocmask, sys_rt_sigprocmask,
	        "int in:8? out:8? int"),
	SYSCALL(136, rt_sigpending, sys_rt_sigpending, "out:@2 len"),
};

void action_init(void)
{
	process_register(&signals_part);
	family_forgets = action_forgets;
	SYSCALL_REGISTER(rows);
}
