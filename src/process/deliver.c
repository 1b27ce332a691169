#include "process/deliver.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "memory/heap.h"
#include "process/group.h"
#include "process/handler.h"
#include "process/stop.h"

// ---- pending ----------------------------------------------------------------

static sigset signals_ready(struct process *thread, sigset set)
{
	return set & (signals_of(thread)->pending |
	              signals_of(family_leader(thread))->group_pending);
}

static void queue_take(struct signals *signals, struct list *queue, sigset *pending, int signal, struct siginfo *info)
{
	bool more = false;

	*info = (struct siginfo){ .signal = signal };
	LIST_EACH(node, queue) {
		struct pending *p = container_of(node, struct pending, node);

		if (p->info.signal != signal)
			continue;
		if (info->code || info->pid) {   // a second real-time one
			more = true;
			break;
		}
		*info = p->info;
		pending_free(signals, p);
	}
	if (!more)
		*pending &= ~sigset_of(signal);
}

static int sigset_lowest(sigset set)
{
	int signal = 1;

	for (int half = 32; half; half /= 2)
		if (!(set & ((1ul << half) - 1))) {
			set >>= half;
			signal += half;
		}
	return signal;
}

// The lowest number first, so those of the standard come before the real-time
// ones; and of one number the thread's own before the process's.
int signal_take(struct process *thread, sigset set, struct siginfo *info)
{
	struct signals *own = signals_of(thread);
	struct signals *group = signals_of(family_leader(thread));
	sigset ready = signals_ready(thread, set);
	int signal;

	if (ready == 0)
		return 0;
	signal = sigset_lowest(ready);
	if (own->pending & sigset_of(signal))
		queue_take(own, &own->queue, &own->pending, signal, info);
	else
		queue_take(group, &group->group_queue, &group->group_pending,
		           signal, info);
	return signal;
}

#define QUEUE_MOST 128 // real-time signals, each a piece of kernel memory

static bool queue_full(struct list *queue)
{
	int length = 0;

	LIST_EACH(node, queue)
		length++;
	return length >= QUEUE_MOST;
}

// A standard signal is pending once.  If there is no memory to say more, the
// signal comes all the same.
static void queue_add(struct signals *signals, struct list *queue, sigset *pending, const struct siginfo *info)
{
	struct pending *p;

	if (info->signal < 32 && (*pending & sigset_of(info->signal)))
		return;
	*pending |= sigset_of(info->signal);
	p = queue_full(queue) ? NULL : pending_new(signals);
	if (p == NULL)
		return;
	p->info = *info;
	list_add_tail(queue, &p->node);
}

// ---- sending ----------------------------------------------------------------

static bool signal_ignored(struct process *process, int signal)
{
	struct sigaction action = action_of(process, signal);

	if (action.handler > SIG_IGN)
		return false;
	if (action.handler == SIG_DFL && family_leader(process)->pid == 1)
		return true;             // process 1 gets what it asked for
	return action_ignores(signal, &action);
}

static bool signal_vain(struct process *process, int signal)
{
	return signal_blocked(process, signal) ||
	       action_of(process, signal).handler == SIG_IGN;
}

void signal_notify(struct process *thread)
{
	struct signals *signals = signals_of(thread);

	if (thread->ended || family_of(thread)->killed_by ||
	    stop_holds(thread) ||
	    !signals_ready(thread, ~signals->blocked | signals->awaited))
		return;
	thread->task.run = signal_turn;
	sched_prod(&thread->task);
}

// Somebody who does not block it; the leader if all do.
static void signal_notify_group(struct process *leader, int signal)
{
	if (!signal_blocked(leader, signal) && !leader->ended) {
		signal_notify(leader);
		return;
	}
	FAMILY_THREADS(node, leader) {
		struct process *thread = family_thread(node);

		if (!signal_blocked(thread, signal) ||
		    signals_of(thread)->awaited & sigset_of(signal)) {
			signal_notify(thread);
			return;
		}
	}
	signal_notify(leader);
}

// One that would do nothing is not kept, unless it is blocked: what it does
// may change before it is taken.
static bool signal_wanted(struct process *thread, const struct siginfo *info)
{
	return signal_blocked(thread, info->signal) ||
	       !signal_ignored(thread, info->signal);
}

// Nothing is pending, the receiver is the sender, and it has a handler: that is
// called without a detour through the queue.
static inline bool signal_at_once(struct process *thread, const struct siginfo *info)
{
	struct signals *signals = signals_of(thread);
	const struct sigaction *action;

	if (!info->settled || this_hart()->running != &thread->task ||
	    thread->task.run || signals->suspending ||
	    signals_ready(thread, ~0ul) ||
	    (signals->blocked & sigset_of(info->signal)))
		return false;
	action = action_look(thread, info->signal);
	return action && action->handler > SIG_IGN &&
	       handler_enter(thread, info, action);
}

static __attribute__((noinline)) void signal_send_queued(struct process *leader, const struct siginfo *info)
{
	struct signals *signals = signals_of(leader);

	if (family_of(leader)->zombie)
		return;
	stop_signal_sent(leader, info->signal);
	if (info->signal == SIGKILL && leader->pid != 1) {
		family_kill(leader, SIGKILL);
		return;
	}
	if (!signal_wanted(leader, info))
		return;
	queue_add(signals, &signals->group_queue, &signals->group_pending,
	          info);
	signal_notify_group(leader, info->signal);
}

void signal_send(struct process *process, const struct siginfo *info)
{
	struct process *leader = family_leader(process);

	if (!signal_at_once(leader, info))
		signal_send_queued(leader, info);
}

// A stop, SIGCONT and SIGKILL are about the process, whoever they are sent to.
void signal_send_thread(struct process *thread, const struct siginfo *info)
{
	struct signals *signals = signals_of(thread);

	if (info->signal == SIGKILL || info->signal == SIGCONT ||
	    signal_default(info->signal) == SIGNAL_STOPS) {
		signal_send(thread, info);       // these concern all threads
		return;
	}
	if (thread->ended || signal_at_once(thread, info) ||
	    !signal_wanted(thread, info))
		return;
	queue_add(signals, &signals->queue, &signals->pending, info);
	signal_notify(thread);
}

// ---- taking -----------------------------------------------------------------

// What becomes of the call that the thread waits in, when a handler is called:
// it is over, with what it has, or starts again afterwards.  (If what it waits
// for has come too, that goes first.)
static void call_interrupt(struct process *thread, const struct sigaction *action)
{
	struct trapframe *frame = &thread->frame;
	int64_t result;

	result = future_interrupt_process(thread);
	if (result != FUTURE_RESTART)
		frame->regs[A0] = result;
	else if (action->flags & SA_RESTART)
		frame->pc -= 4;          // the ecall; a0 is still there
	else
		frame->regs[A0] = -EINTR;
}

static bool signal_handle(struct process *thread, const struct siginfo *info, const struct sigaction *action)
{
	if (future_pending(thread))
		call_interrupt(thread, action);
	return handler_enter(thread, info, action);
}

// Whether the thread goes on afterwards.
static bool signal_act(struct process *thread, const struct siginfo *info)
{
	struct sigaction action = action_of(thread, info->signal);

	if (signal_ignored(thread, info->signal))
		return true;
	if (action.handler > SIG_IGN) {
		if (signal_handle(thread, info, &action))
			return true;
		kprintf("%s[%d]: no room on the stack for %s: killed\n",
		        thread->name, thread->pid, signal_name(info->signal));
		family_exit(thread, STATUS_SIGNAL(SIGSEGV));
		return false;
	}
	if (signal_default(info->signal) == SIGNAL_STOPS) {
		if (info->signal != SIGSTOP && group_orphaned(thread))
			return true;     // it would wait for ever
		stop_process(thread, info->signal);
		return false;
	}
	family_exit(thread, STATUS_SIGNAL(info->signal));
	return false;
}

// A call that no signal may cut short goes on.  NULL: it is not over, so the
// signals are looked at in its next turn.
static struct trapframe *signal_later(struct task *task)
{
	struct trapframe *frame;

	task->run = future_resume;
	frame = future_resume(task);
	if (frame == NULL)
		task->run = signal_turn;
	return frame;
}

struct trapframe *signal_turn(struct task *task)
{
	struct process *thread = process_of_task(task);
	struct siginfo info;

	if (future_of(call_of(thread))->deaf) {
		struct trapframe *frame = signal_later(task);

		if (frame == NULL || task->run) // an execve() ended it
			return frame;
	}
	while (signal_take(thread, ~signals_of(thread)->blocked, &info))
		if (!signal_act(thread, &info))
			return NULL;
	return future_go_on(task);
}

// ---- faults -----------------------------------------------------------------

static void fault_tell(struct process *thread, unsigned long cause, unsigned long tval, int signal)
{
	kprintf("%s[%d]: %s at pc %lx, address %lx: killed by %s\n",
	        thread->name, thread->pid, trap_cause_name(cause),
	        thread->frame.pc, tval, signal_name(signal));
}

// A fault cannot wait: without a handler, or with the signal blocked (as in
// the handler itself), the process ends.
static struct trapframe *signal_fault(struct process *thread, unsigned long cause, unsigned long tval)
{
	struct siginfo info = signal_info_of_cause(cause, tval);
	struct sigaction action = action_of(thread, info.signal);

	if (action.handler <= SIG_IGN || signal_blocked(thread, info.signal) ||
	    !signal_handle(thread, &info, &action)) {
		fault_tell(thread, cause, tval, info.signal);
		family_exit(thread, STATUS_SIGNAL(info.signal));
		return schedule();
	}
	return &thread->frame;
}

// ---- calls ------------------------------------------------------------------

static int64_t thread_kill(struct call *call, int group, int id, int signal)
{
	struct process *thread = process_find(id);
	uint64_t *result = &call->process->frame.regs[A0];
	struct siginfo info = { .signal = signal, .code = SI_TKILL,
		                .pid = call->process->tgid };

	if (signal < 0 || signal >= SIGNALS || id <= 0)
		return -EINVAL;
	if (!thread || thread->ended || (group && thread->tgid != group))
		return -ESRCH;
	info.settled = call->task == &call->process->task; // no batch
	if (info.settled)
		*result = 0;
	if (signal)
		signal_send_thread(thread, &info);
	return future_return(call, info.settled ? *result : 0);
}

static int64_t sys_tkill(struct call *call)
{
	return thread_kill(call, 0, call->arg[0], call->arg[1]);
}

static int64_t sys_tgkill(struct call *call)
{
	if ((int)call->arg[0] <= 0)
		return -EINVAL;
	return thread_kill(call, call->arg[0], call->arg[1], call->arg[2]);
}

static const struct syscall rows[] = {
	SYSCALL(130, tkill, sys_tkill, "int int"),
	SYSCALL(131, tgkill, sys_tgkill, "int int int"),
};

void deliver_init(void)
{
	family_signal = signal_send;
	group_ignores = signal_vain;
	process_on_fault = signal_fault;
	SYSCALL_REGISTER(rows);
}
