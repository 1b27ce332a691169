#include "process/reap.h"
#include "lib/errno.h"
#include "process/family.h"
#include "process/signal.h"
#include "process/usage.h"
#include "process/user.h"

#define WNOHANG    1
#define WUNTRACED  2 // WSTOPPED
#define WEXITED    4
#define WCONTINUED 8
#define WNOWAIT    0x01000000
#define WAIT_NEWS  (WUNTRACED | WEXITED | WCONTINUED)
#define WAIT_LINUX 0xe0000000 // kinds of children that we do not tell apart

// Whose news are asked for, as Linux's idtype_t has it, and which.
struct question {
	enum { P_ALL, P_PID, P_PGID } whose;
	int id;
	unsigned options;
};

static bool reap_matches(struct process *child, const struct question *q)
{
	if (q->whose == P_PGID)
		return family_of(child)->group == q->id;
	return q->whose == P_ALL || child->pid == q->id;
}

static struct process *reap_called(struct process *parent, int pid)
{
	struct process *child = process_find(pid);

	return child && family_leader(child) == child &&
	       family_of(child)->parent == parent ? child : NULL;
}

// A child that matches, a zombie if there is one.
// Zombies are in front, so the walk ends at the first one that is none once
// there is a match: not linear in the children that live.  Who does not ask for
// ends does not see them.
static struct process *reap_child(struct process *parent, const struct question *q)
{
	struct process *found = NULL;

	if (q->whose == P_PID) {
		found = reap_called(parent, q->id);
		return found && family_of(found)->zombie &&
		       !(q->options & WEXITED) ? NULL : found;
	}
	LIST_EACH(node, &family_of(parent)->children) {
		struct process *child = family_sibling(node);
		bool zombie = family_of(child)->zombie;

		if (found && !zombie)
			break;
		if (!reap_matches(child, q) ||
		    (zombie && !(q->options & WEXITED)))
			continue;
		found = child;
		if (zombie)
			break;
	}
	return found;
}

// A child that was stopped or continued, if the options ask for that.
// The news stay with the child until somebody asks for them; a later one takes
// the place of an earlier one, as on Linux.  Who asks for none need not look at
// all children.
static struct process *reap_news(struct process *parent, const struct question *q)
{
	if (!(q->options & (WUNTRACED | WCONTINUED)))
		return NULL;
	LIST_EACH(node, &family_of(parent)->children) {
		struct process *child = family_sibling(node);
		int news = family_of(child)->news;
		unsigned need = news == STATUS_CONTINUED ? WCONTINUED
		                                         : WUNTRACED;

		if (news && !family_of(child)->zombie &&
		    (q->options & need) && reap_matches(child, q))
			return child;
	}
	return NULL;
}

// *out: a child that has something to tell; NULL: none has, for now.  0, or
// -ECHILD: nobody ever will have.
static int64_t reap_look(struct process *self, const struct question *q,
                         struct process **out)
{
	*out = reap_child(self, q);
	if (*out == NULL)
		return -ECHILD;
	if (!family_of(*out)->zombie)
		*out = reap_news(self, q);
	return 0;
}

static int reap_status(struct process *child)
{
	struct family *family = family_of(child);

	return family->zombie ? family->status : family->news;
}

static int64_t reap_usage(struct call *call, uint64_t at, struct process *child)
{
	if (at == 0)
		return 0;
	return usage_store(call->process, at,
	                   usage_own(child) + usage_children(child));
}

// All that the parent asked for could be stored, so it is forgotten, not
// before; and so is the record of a child that has ended.
static void reap_told(struct process *parent, struct process *child)
{
	if (!family_of(child)->zombie) {
		family_of(child)->news = 0;
		return;
	}
	usage_inherit(parent, child);
	list_remove(&family_of(child)->sibling);
	process_free(child);
}

// A level-triggered wait: each time that a child changes all is looked at
// again, since another thread may have been faster.
static int64_t reap_wait(struct call *call, const struct question *q)
{
	struct process *self = family_leader(call->process);

	if (q->options & WNOHANG)
		return 0;
	sched_charge();                  // the child may go on right now
	return future_wait(future_of(call), &family_of(self)->changed);
}

static int64_t sys_wait4(struct call *call)
{
	struct process *self = family_leader(call->process), *child;
	int id = call->arg[0], status, pid;
	struct question q = { P_ALL, id, call->arg[2] };
	int64_t err;

	if (q.options & ~(WNOHANG | WUNTRACED | WCONTINUED | WAIT_LINUX))
		return -EINVAL;
	if (id == INT32_MIN)
		return -ESRCH;
	if (id != -1)
		q.whose = id > 0 ? P_PID : P_PGID;
	if (id <= 0)
		q.id = id ? -id : family_of(self)->group;
	q.options |= WEXITED;
	err = reap_look(self, &q, &child);
	if (err)
		return err;
	if (child == NULL)
		return reap_wait(call, &q);
	pid = child->pid;
	status = reap_status(child);
	err = reap_usage(call, call->arg[3], child);
	if (!err && call->arg[1])
		err = user_copy_out(call->process, call->arg[1], &status,
		                    sizeof status);
	if (err)
		return err;
	reap_told(call->process, child);
	return pid;
}

// ---- waitid() ----

// The first of siginfo_t, as far as waitid() stores it.
struct told {
	int signal, error, code, pad, pid, uid, status;
};

// 0 or -EINVAL.  There are no descriptors of processes (P_PIDFD).
static int64_t waitid_question(struct call *call, struct question *q)
{
	unsigned which = call->arg[0];

	*q = (struct question){ which, call->arg[1], call->arg[3] };
	if (q->options & ~(WAIT_NEWS | WNOHANG | WNOWAIT | WAIT_LINUX) ||
	    !(q->options & WAIT_NEWS))
		return -EINVAL;
	if (which > P_PGID || (which == P_PID && q->id <= 0) ||
	    (which == P_PGID && q->id < 0))
		return -EINVAL;
	if (which == P_PGID && q->id == 0)
		q->id = family_of(family_leader(call->process))->group;
	return 0;
}

// Zeroes tell that there was nothing to tell, an error included.
static int64_t waitid_store(struct call *call, const struct told *told)
{
	if (call->arg[2] == 0)
		return 0;
	return user_copy_out(call->process, call->arg[2], told, sizeof *told);
}

static int64_t waitid_tell(struct call *call, const struct question *q,
                           struct process *child)
{
	struct siginfo info = family_info(child, reap_status(child));
	struct told told = { .signal = info.signal, .code = info.code,
		             .pid = info.pid, .status = info.status };
	int64_t err = reap_usage(call, call->arg[4], child);

	if (!err)
		err = waitid_store(call, &told);
	if (!err && !(q->options & WNOWAIT))
		reap_told(call->process, child);
	return err;
}

static int64_t sys_waitid(struct call *call)
{
	static const struct told nothing;
	struct process *child = NULL;
	struct question q;
	int64_t err = waitid_question(call, &q), stored;

	if (!err)
		err = reap_look(family_leader(call->process), &q, &child);
	if (child)
		return waitid_tell(call, &q, child);
	if (!err)
		err = reap_wait(call, &q);
	if (err == PENDING)
		return err;
	stored = waitid_store(call, &nothing);
	return stored ? stored : err;
}

static const struct syscall rows[] = {
	SYSCALL(95, waitid, sys_waitid, "int int out:28? flags out:144?"),
	SYSCALL(260, wait4, sys_wait4, "int out:4? flags out:144?"),
};

void reap_init(void)
{
	SYSCALL_REGISTER(rows);
}
