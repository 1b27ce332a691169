#include "memory/remains.h"
#include "process/task.h"

static struct space *first; // linked by next_gone
static size_t frames; // in them
static struct ktask task;

// Some pages of the first one; all of it, when there are few left.
static void remains_shrink(void)
{
	struct space *space = first;
	size_t before = space->resident;

	if (space_shrink(space)) {
		frames -= before - space->resident;
		return;
	}
	frames -= before;
	first = space->next_gone;
	space_free(space);
}

static int64_t remains_poll(struct ktask *self)
{
	if (first)
		remains_shrink();
	return first ? ktask_again(self) : 0;
}

void remains_leave(struct space *space)
{
	bool idle = first == NULL && (task.poll == NULL || task.finished);

	space->done = 0;
	space->next_gone = first;
	first = space;
	frames += space->resident;
	task.poll = remains_poll;
	if (idle)
		ktask_spawn(&task);
}

size_t remains_spare(void)
{
	return frames;
}

void remains_reclaim(size_t wanted)
{
	while (first && page_free_count() < wanted)
		remains_shrink();
}
