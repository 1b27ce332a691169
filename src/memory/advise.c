#include "memory/advise.h"
#include "lib/errno.h"
#include "memory/range.h"
#include "memory/space.h"
#include "process/wait.h"

// As Linux's <asm-generic/mman-common.h> has them.
enum {
	MADV_RANDOM = 1,
	MADV_SEQUENTIAL = 2,
	MADV_WILLNEED = 3,
	MADV_DONTNEED = 4,
	MADV_FREE = 8,
	MADV_DONTFORK = 10,
	MADV_DOFORK = 11,
	MADV_MERGEABLE = 12,
	MADV_DODUMP = 17,
};

enum { MS_ASYNC = 1, MS_INVALIDATE = 2, MS_SYNC = 4 };

// ---- madvise() --------------------------------------------------------------

static bool advice_valid(uint64_t advice)
{
	return advice <= MADV_DONTNEED || advice == MADV_FREE ||
	       (advice >= MADV_MERGEABLE && advice <= MADV_DODUMP);
}

// The pages of a file are asked for; of other memory there is nothing to fetch.
static void area_ahead(const struct area *area, uint64_t start, uint64_t end)
{
	struct pager *pager = area->pager;

	if (pager == NULL || pager->ops->ahead == NULL)
		return;
	start = start > area->start ? start : area->start;
	end = end < area->end ? end : area->end;
	pager->ops->ahead(pager,
	                  (area->offset + start - area->start) / PAGE_SIZE,
	                  (end - start) / PAGE_SIZE);
}

static void range_ahead(struct space *space, uint64_t start, uint64_t end)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start < end && start < area->end)
			area_ahead(area, start, end);
	}
}

// Only memory of one's own can be given up.
static bool range_private(struct space *space, uint64_t start, uint64_t end)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->start < end && start < area->end && area->pager)
			return false;
	}
	return true;
}

// The others are hints, which may be ignored.  DONTNEED is no hint: allocators
// count on zeroes afterwards.  FREE is done at once, which it allows.  Where
// something is not mapped, the rest has been seen to: so says Linux.
static int64_t sys_madvise(struct call *call)
{
	struct space *space = space_of(call->process);
	uint64_t start = call->arg[0], advice = call->arg[2], end;

	if (!advice_valid(advice) || !range_valid(start, call->arg[1]))
		return -EINVAL;
	end = start + page_up(call->arg[1]);
	if (advice == MADV_FREE && !range_private(space, start, end))
		return -EINVAL;
	if ((advice == MADV_DONTNEED || advice == MADV_FREE) &&
	    space_discard(space, start, end))
		return future_insist(future_of(call));
	if (advice == MADV_WILLNEED)
		range_ahead(space, start, end);
	return range_mapped(space, start, end) ? 0 : -ENOMEM;
}

// ---- msync() ----------------------------------------------------------------

// The first area from there on that shares a file with others.
static struct area *area_shared(struct space *space, uint64_t from, uint64_t end)
{
	LIST_EACH(node, &space->areas) {
		struct area *area = area_of(node);

		if (area->end > from && area->start < end && area->shared &&
		    area->pager->ops->sync)
			return area;
	}
	return NULL;
}

// Its progress is no result.
static int64_t msync_cancel(struct future *future)
{
	(void)future;
	return FUTURE_RESTART;
}

// File by file; how far it has come is the call's progress, phase and goal say
// what it waits for there.  Stores are known to the file when they are made,
// so there is nothing to do for MS_ASYNC, and nothing is ever stale.
static int64_t msync_range(struct future *future, struct space *space,
                           uint64_t start, uint64_t end)
{
	uint64_t from = future->progress ? future->progress : start;
	struct sync_goal goal = { future->phase, future->goal };
	struct area *area;

	while ((area = area_shared(space, from, end)) != NULL) {
		struct pager *pager = area->pager;
		uint64_t next = area->end;
		int64_t err = pager->ops->sync(pager, &goal);

		if (err == PENDING) {
			future->progress = from;
			future->phase = goal.step;
			future->goal = goal.value;
			future->cancel = msync_cancel;
		}
		if (err)
			return err;
		from = next;
		goal = (struct sync_goal){ 0 };
	}
	return 0;
}

static int64_t sys_msync(struct call *call)
{
	struct space *space = space_of(call->process);
	struct future *future = future_of(call);
	uint64_t start = call->arg[0], flags = call->arg[2], end;
	int64_t err = 0;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    (flags & MS_ASYNC && flags & MS_SYNC) || start % PAGE_SIZE)
		return -EINVAL;
	if (!range_valid(start, call->arg[1]))
		return -ENOMEM;
	end = start + page_up(call->arg[1]);
	if (flags & MS_SYNC)
		err = msync_range(future, space, start, end);
	if (err)
		return err;
	return range_mapped(space, start, end) ? 0 : -ENOMEM;
}

static const struct syscall rows[] = {
	SYSCALL(227, msync, sys_msync, "ptr len flags"),
	SYSCALL_ALONE(233, madvise, sys_madvise, "ptr len int"),
};

void advise_init(void)
{
	SYSCALL_REGISTER(rows);
}
