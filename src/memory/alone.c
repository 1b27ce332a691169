#include "memory/alone.h"
#include "memory/space.h"

static struct waker over = WAKER_INIT(over); // a change of some space

// The process is ended in the middle, or while it waits.
static int64_t alone_cancel(struct future *future)
{
	alone_end(&future->call);
	return FUTURE_RESTART;
}

// A signal would have it end with EINTR, which nobody expects of munmap().
int64_t alone_turn(struct call *call)
{
	struct space *space = space_of(call->process);
	struct future *future = future_of(call);

	// What waits for something else afterwards may be cut short.
	future->deaf = false;
	if (space->changer == 0 || space->changer == call->process->pid)
		return 0;
	future->deaf = true;
	future->cancel = alone_cancel;
	return future_wait(future, &over);
}

void alone_begin(struct call *call)
{
	space_of(call->process)->changer = call->process->pid;
}

// To the one that waits longest; one that changes the space again and again
// would else have the next turn as well.
static void hand_on(struct space *space)
{
	space->changer = 0;
	LIST_EACH(node, &over.waits) {
		struct future *future =
			container_of(node, struct future, waiting.node);

		if (space_of(future->call.process) != space)
			continue;
		space->changer = future->call.process->pid;
		wake(&future->waiting, 0);
		return;
	}
}

void alone_end(struct call *call)
{
	struct space *space = space_of(call->process);

	if (space->changer == call->process->pid)
		hand_on(space);
}

int64_t alone(struct call *call, syscall_handler change)
{
	int64_t result = alone_turn(call);

	if (result)
		return result;
	result = change(call);
	if (result == PENDING) {
		alone_begin(call);
		future_of(call)->cancel = alone_cancel;
	} else {
		alone_end(call);
	}
	return result;
}
