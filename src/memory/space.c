#include "memory/space.h"
#include "lib/errno.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "memory/fault.h"
#include "memory/remains.h"
#include "memory/share.h"

// What every process has of this floor.
struct space_link {
	struct space *space;
};

static int space_fork(struct process *child, struct process *parent, uint64_t flags);

// Entering none lets go of the one there was.
static void space_exit(struct process *process)
{
	space_enter(process, NULL);
}

struct process_part space_part = {
	.size = sizeof(struct space_link),
	.fork = space_fork,
	.exit = space_exit,
};

static struct space_link *space_link(struct process *process)
{
	return process_part(process, &space_part);
}

void space_get(struct space *space)
{
	space->refs++;
}

// The hart forgets the root before its frame can be handed out again.
void space_put(struct space *space)
{
	if (--space->refs)
		return;
	space_unload(space);
	space_free(space);
}

// The same where there may be much of it, and nobody waits for its memory.
static void space_leave(struct space *space)
{
	if (space->refs > 1 || space->resident <= SPACE_PASS) {
		space_put(space);
		return;
	}
	space->refs = 0;
	space_unload(space);
	remains_leave(space);
}

// The new one first: the old one may be freed here, and must not be loaded
// then.
void space_enter(struct process *process, struct space *space)
{
	struct space *old = space_of(process);

	LOCK_HELD();
	space_link(process)->space = space;
	process->frame.satp = space ? space->satp : 0;
	if (space && this_hart()->running == &process->task)
		space_load(space);
	if (old && space)
		space_leave(old);
	else if (old)
		space_put(old);
}

// ---- processes -------------------------------------------------------------

#define CLONE_VM 0x100

// The child's space is empty still: what it shares comes in passes, with the
// call.
static int space_fork(struct process *child, struct process *parent, uint64_t flags)
{
	struct space *space = parent ? space_of(parent) : NULL;

	if (space && (flags & CLONE_VM)) {
		space_get(space);
	} else if (space) {
		int err = space_like(space, &space);

		if (err)
			return err;
	}
	space_enter(child, space);
	return 0;
}

void space_init(void)
{
	process_register(&space_part);
	fault_init();
}
