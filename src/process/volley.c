#include "process/volley.h"
#include "lib/errno.h"
#include "process/family.h"
#include "process/task.h"

// What one pass may do: each process is looked at, and those that get the
// signal take longer, above all those that end.
#define PASS 1024
#define SENT 20

// One at a time.
static struct volley {
	struct ktask task;
	bool under_way;
	int group, but;
	struct siginfo info;
	int found;
	struct future *call; // that waits for it; NULL: nobody does
} now;

static bool among(const struct volley *v, struct process *p)
{
	if (family_leader(p) != p)
		return false;
	if (v->group == VOLLEY_ALL)
		return p->pid != v->but && p->pid != 1;
	return family_of(p)->group == v->group;
}

// A zombie is no member any more that a signal could reach, but it counts.
static unsigned send(struct volley *v, struct process *p)
{
	if (!among(v, p))
		return 1;
	v->found++;
	if (v->info.signal) {
		family_of(p)->reached = true;
		family_signal(p, &v->info);
	}
	return SENT;
}

// From `at` on; where it goes on, or the end of the list.
static struct list *send_some(struct volley *v, struct list *at, unsigned budget)
{
	for (unsigned done = 0; at != &processes && done < budget;) {
		struct process *p = container_of(at, struct process, all);

		at = at->next;
		done += send(v, p);
	}
	return at;
}

static int64_t volley_poll(struct ktask *task)
{
	process_walk = send_some(&now, process_walk, PASS);
	if (process_walk != &processes)
		return ktask_again(task);
	process_walk = NULL;
	now.under_way = false;
	if (now.call)
		now.call->progress = now.found;
	now.call = NULL;
	return 0;
}

// Where another one is under way, and nobody can wait for it, all is done in
// this pass.
int volley(int group, int but, const struct siginfo *info)
{
	struct volley v = { .group = group, .but = but, .info = *info };
	struct list *at = send_some(&v, processes.next,
	                            now.under_way ? ~0u : PASS);

	if (at == &processes)
		return v.found;
	v.under_way = true;
	now = v;
	process_walk = at;
	now.task.poll = volley_poll;
	ktask_spawn(&now.task);
	return v.found;
}

bool volley_concerns(struct process *process)
{
	return now.under_way && among(&now, family_leader(process));
}

int64_t volley_wait(struct call *call)
{
	return future_wait(future_of(call), &now.task.done);
}

// Who asked for it is gone, perhaps by it.
static int64_t volley_forget(struct future *future)
{
	if (now.call == future)
		now.call = NULL;
	return FUTURE_RESTART;
}

enum { NEW, SENDING };

int64_t volley_call(struct call *call, int group, int but,
                    const struct siginfo *info)
{
	struct future *future = future_of(call);
	int found;

	if (now.under_way && (future->phase == NEW || now.call == future))
		return volley_wait(call);
	if (future->phase == SENDING)
		return future->progress ? 0 : -ESRCH;
	found = volley(group, but, info);
	if (!now.under_way)
		return future_return(call, found ? 0 : -ESRCH);
	now.call = future;
	future->phase = SENDING;
	future->deaf = true;
	future->cancel = volley_forget;
	return volley_wait(call);
}
