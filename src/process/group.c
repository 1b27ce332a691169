#include "process/group.h"
#include "files/console.h"
#include "files/settings.h"
#include "lib/errno.h"
#include "process/family.h"
#include "process/signal.h"
#include "process/volley.h"

static void group_send(struct process *process, const struct siginfo *info)
{
	if (info->signal)                // 0 asks only whether it is there
		family_signal(process, info);
}

static bool is_leader(struct process *process)
{
	return family_leader(process) == process;
}

// 0 and -1 - n are groups, -1 is everybody: but not process 1, without which
// nothing goes on, nor the one that asks, as on Linux, where `kill -9 -1`
// leaves the shell that typed it.
static __attribute__((noinline)) int64_t kill_many(struct call *call, int pid, const struct siginfo *info)
{
	struct process *self = family_leader(call->process);

	if (pid == INT32_MIN)            // there is no -pid
		return -ESRCH;
	if (pid == -1)
		return volley_call(call, VOLLEY_ALL, self->pid, info);
	return volley_call(call, pid ? -pid : family_of(self)->group, 0, info);
}

static __attribute__((noinline)) struct process *kill_find(int pid)
{
	struct process *process = process_find(pid);

	return process ? family_leader(process) : NULL;
}

// The result is in the frame before the signal is sent: what a handler returns
// to, if we are the receiver, is the end of this call.
static int64_t sys_kill(struct call *call)
{
	struct process *self = family_leader(call->process), *other = self;
	int pid = call->arg[0], signal = call->arg[1];
	struct siginfo info = { .signal = signal, .code = SI_USER,
		                .pid = self->pid };
	uint64_t *result = &call->process->frame.regs[A0];

	if (signal < 0 || signal >= SIGNALS)
		return -EINVAL;
	if (pid <= 0)
		return kill_many(call, pid, &info);
	if (pid != self->pid)
		other = kill_find(pid);
	if (other == NULL)
		return -ESRCH;
	if (call->task == &call->process->task) {        // and no batch
		*result = 0;
		info.settled = true;
	}
	group_send(other, &info);
	if (!call->task->run)
		return info.settled ? (int64_t)*result : 0;
	return future_return(call, info.settled ? *result : 0);
}

// ---- groups and sessions ---------------------------------------------------

static struct process *group_process(struct call *call, int pid)
{
	struct process *process = pid ? process_find(pid) : call->process;

	return process ? family_leader(process) : NULL;
}

static bool group_exists(int group, int session)
{
	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);

		if (family_of(p)->group == group &&
		    family_of(p)->session == session)
			return true;
	}
	return false;
}

// The rules of POSIX: only oneself or a child, within the session, never its
// leader, and into a group that is there, or a new one with the process's pid.
static int64_t sys_setpgid(struct call *call)
{
	struct process *self = family_leader(call->process);
	struct process *p = group_process(call, call->arg[0]);
	int group = call->arg[1];

	if (group < 0)
		return -EINVAL;
	if (p == NULL || (p != self && family_of(p)->parent != self))
		return -ESRCH;
	if (family_of(p)->session != family_of(self)->session ||
	    family_of(p)->session == p->pid)
		return -EPERM;
	if (group == 0)
		group = p->pid;
	if (group != p->pid && !group_exists(group, family_of(p)->session))
		return -EPERM;
	family_of(p)->group = group;
	return 0;
}

static int64_t sys_getpgid(struct call *call)
{
	struct process *p = group_process(call, call->arg[0]);

	return p ? family_of(p)->group : -ESRCH;
}

static int64_t sys_getsid(struct call *call)
{
	struct process *p = group_process(call, call->arg[0]);

	return p ? family_of(p)->session : -ESRCH;
}

// A leader cannot: its group would be in two sessions.
static int64_t sys_setsid(struct call *call)
{
	struct process *self = family_leader(call->process);

	if (family_of(self)->group == self->pid)
		return -EPERM;
	family_of(self)->group = family_of(self)->session = self->pid;
	return self->pid;
}

// ---- orphans ----------------------------------------------------------------

// A group is orphaned if no member has a parent that could continue it: in the
// same session, but in another group.  (POSIX.1-2017, Base Definitions 3.264.)
// So it would be if `gone` were no more, as a member and as a parent.
static bool group_lonely(int group, struct process *gone)
{
	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);
		struct family *parent;

		if (!is_leader(p) || family_of(p)->group != group ||
		    family_of(p)->zombie || p == gone)
			continue;
		if (!family_of(p)->parent || family_of(p)->parent == gone ||
		    family_of(p)->parent->pid == 1)
			continue;
		parent = family_of(family_of(p)->parent);
		if (parent->group != group &&
		    parent->session == family_of(p)->session)
			return false;
	}
	return true;
}

bool group_orphaned(struct process *process)
{
	return group_lonely(family_of(family_leader(process))->group, NULL);
}

static bool group_has_stopped(int group)
{
	if (family_stopped == 0)         // as nearly always
		return false;
	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);

		if (is_leader(p) && family_of(p)->group == group &&
		    family_of(p)->stopped && !family_of(p)->zombie)
			return true;
	}
	return false;
}

// One of the two ends.  If nobody is left who could continue the member's
// group, and it is stopped, it shall not wait for ever.  (Process 1 continues
// nobody; and when thousands of its orphans end, each must be quick.)
static void group_part(struct process *member, struct process *parent, struct process *gone)
{
	struct family *family = family_of(member);
	struct siginfo hangup = { .signal = SIGHUP, .code = SI_KERNEL };
	struct siginfo go_on = { .signal = SIGCONT, .code = SI_KERNEL };

	if (!parent || parent->pid == 1 ||
	    family_of(parent)->group == family->group ||
	    family_of(parent)->session != family->session ||
	    !group_has_stopped(family->group) ||
	    !group_lonely(family->group, gone))
		return;
	volley(family->group, 0, &hangup);
	volley(family->group, 0, &go_on);
}

static void group_parted(struct process *child)
{
	struct process *parent = family_of(child)->parent;

	group_part(child, parent, parent);
}

static void group_leave(struct process *leader)
{
	family_stop(leader, 0);
	group_part(leader, family_of(leader)->parent, leader);
	LIST_EACH(node, &family_of(leader)->children)
		group_part(family_sibling(node), leader, leader);
}

// ---- the terminal -----------------------------------------------------------

static int terminal_session;     // whose foreground group there is

// A key like ^C is meant for those in the foreground.
static void group_signal_typed(int group, int signal)
{
	struct siginfo info = { .signal = signal, .code = SI_KERNEL };

	if (group)
		volley(group, 0, &info);
}

static int64_t group_check(struct process *process, int group)
{
	int session = family_of(family_leader(process))->session;

	if (!group_exists(group, session))
		return -EPERM;
	terminal_session = session;
	return 0;
}

static bool group_deaf(struct process *process, int signal)
{
	(void)process, (void)signal;
	return true;
}

bool (*group_ignores)(struct process *, int) = group_deaf;

// For another session the terminal is a device like any other.  A process that
// is about to look at its signals may find ours among them: another one would
// come on top.
static int64_t group_check_access(struct process *process, int signal)
{
	struct family *family = family_of(family_leader(process));
	struct siginfo info = { .signal = signal, .code = SI_KERNEL };

	if (settings_group == 0 || family->group == settings_group ||
	    family->session != terminal_session)
		return 0;
	if (group_ignores(process, signal))
		return signal == SIGTTIN ? -EIO : 0;
	if (group_orphaned(process))
		return -EIO;
	if (!process->task.run || process->task.run == future_resume)
		volley(family->group, 0, &info);
	return FUTURE_RESTART;
}

static const struct syscall rows[] = {
	SYSCALL(129, kill, sys_kill, "int int"),
	SYSCALL(154, setpgid, sys_setpgid, "int int"),
	SYSCALL(155, getpgid, sys_getpgid, "int"),
	SYSCALL(156, getsid, sys_getsid, "int"),
	SYSCALL(157, setsid, sys_setsid, "none"),
};

void group_init(void)
{
	console_signal = group_signal_typed;
	console_check_group = group_check;
	console_check_access = group_check_access;
	family_leaves = group_leave;
	family_parts = group_parted;
	SYSCALL_REGISTER(rows);
}
