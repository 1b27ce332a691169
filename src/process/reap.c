#include "process/reap.h"
#include "lib/errno.h"
#include "process/family.h"
#include "process/usage.h"
#include "process/user.h"

#define WNOHANG    1
#define WUNTRACED  2
#define WCONTINUED 8
#define WAIT_KNOWN (WNOHANG | WUNTRACED | WCONTINUED | 0xe0000000)

static bool family_matches(struct process *child, struct process *parent, int wanted)
{
	if (wanted == -1 || wanted == child->pid)
		return true;
	return family_of(child)->group ==
	       (wanted ? -wanted : family_of(parent)->group);
}

static struct process *family_child_called(struct process *parent, int pid)
{
	struct process *child = process_find(pid);

	return child && family_leader(child) == child &&
	       family_of(child)->parent == parent ? child : NULL;
}

// A child that matches, a zombie if there is one.
// Zombies are in front, so the walk ends at the first one that is none once
// there is a match: not linear in the children that live.
static struct process *family_child(struct process *parent, int wanted)
{
	struct process *found = NULL;

	if (wanted > 0)
		return family_child_called(parent, wanted);
	LIST_EACH(node, &family_of(parent)->children) {
		struct process *child = family_sibling(node);

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

static int64_t reap_usage(struct call *call, struct process *child)
{
	if (call->arg[3] == 0)
		return 0;
	return usage_store(call->process, call->arg[3],
	                   usage_own(child) + usage_children(child));
}

// The record goes only when all that the parent asked for could be stored.
static int64_t family_reap(struct call *call, struct process *child)
{
	uint64_t status = call->arg[1];
	int pid = child->pid;
	int64_t err = reap_usage(call, child);

	if (!err && status)
		err = user_copy_out(call->process, status,
		                    &family_of(child)->status, sizeof(int));
	if (err)
		return err;
	usage_inherit(call->process, child);
	list_remove(&family_of(child)->sibling);
	process_free(child);
	return pid;
}

// A child that was stopped or continued, if the options ask for that.
// The news stay with the child until somebody asks for them; a later one takes
// the place of an earlier one, as on Linux.  Who asks for none need not look at
// all children.
static struct process *family_with_news(struct process *parent, int wanted, uint64_t options)
{
	if (!(options & (WUNTRACED | WCONTINUED)))
		return NULL;
	LIST_EACH(node, &family_of(parent)->children) {
		struct process *child = family_sibling(node);
		int news = family_of(child)->news;
		unsigned need = news == STATUS_CONTINUED ? WCONTINUED
		                                         : WUNTRACED;

		if (news && (options & need) &&
		    family_matches(child, parent, wanted))
			return child;
	}
	return NULL;
}

// Told once: it is forgotten when it could be stored, not before.
static int64_t family_tell_news(struct call *call, struct process *child)
{
	uint64_t status = call->arg[1];
	int64_t err = reap_usage(call, child);

	if (!err && status)
		err = user_copy_out(call->process, status,
		                    &family_of(child)->news, sizeof(int));
	if (err)
		return err;
	family_of(child)->news = 0;
	return child->pid;
}

// A level-triggered wait: each time that a child changes all is looked at
// again, since another thread may have been faster.
static int64_t sys_wait4(struct call *call)
{
	struct process *self = family_leader(call->process);
	struct process *child;

	if ((uint32_t)call->arg[2] & ~WAIT_KNOWN)
		return -EINVAL;
	if ((int)call->arg[0] == INT32_MIN)
		return -ESRCH;
	child = family_child(self, call->arg[0]);
	if (child == NULL)
		return -ECHILD;
	if (family_of(child)->zombie)
		return family_reap(call, child);
	child = family_with_news(self, call->arg[0], call->arg[2]);
	if (child)
		return family_tell_news(call, child);
	if (call->arg[2] & WNOHANG)
		return 0;
	sched_charge();                  // the child may go on right now
	return future_wait(future_of(call), &family_of(self)->changed);
}

static const struct syscall rows[] = {
	SYSCALL(260, wait4, sys_wait4, "int out:4? flags out:144?"),
};

void reap_init(void)
{
	SYSCALL_REGISTER(rows);
}
