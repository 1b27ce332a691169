#include "memory/map.h"
#include "lib/errno.h"
#include "memory/advise.h"
#include "memory/alone.h"
#include "memory/range.h"
#include "memory/remap.h"
#include "memory/room.h"
#include "memory/space.h"
#include "memory/table.h"
#include "process/wait.h"

// As Linux's <asm-generic/mman.h> has them.
#define PROT_READ            1
#define PROT_WRITE           2
#define PROT_EXEC            4

static int64_t map_no_file(struct call *call, uint64_t fd, struct area *area)
{
	(void)call, (void)fd, (void)area;
	return -ENODEV;
}

int64_t (*map_file)(struct call *, uint64_t, struct area *) = map_no_file;

// ---- brk -------------------------------------------------------------------

static int64_t brk_grow(struct space *space, uint64_t from, uint64_t to)
{
	struct area heap = {
		.start = from, .end = to,
		.access = USER_READ | USER_WRITE,
	};

	if (!room_brk(space, from, to))
		return -ENOMEM;
	return space_add(space, &heap);
}

// Answers the break that is in force, whatever was asked for.
// It never fails for the caller: libraries compare what they get with what they
// wanted.
static int64_t break_move(struct call *call)
{
	struct space *space = space_of(call->process);
	uint64_t wanted = call->arg[0], old, new;
	int64_t err = 0;

	if (wanted < space->brk_start || wanted > TABLE_END)
		return space->brk;
	old = page_up(space->brk);
	new = page_up(wanted);
	if (new < old && space_discard(space, new, old))
		return future_insist(future_of(call));
	if (new > old)
		err = brk_grow(space, old, new);
	else if (new < old)
		err = space_remove(space, new, old);
	if (!err)
		space->brk = wanted;
	return space->brk;
}

static int64_t sys_brk(struct call *call)
{
	return alone(call, break_move);
}

// ---- mmap ------------------------------------------------------------------

static unsigned access_of(uint64_t protection)
{
	return (protection & PROT_READ ? USER_READ : 0) |
	       (protection & PROT_WRITE ? USER_WRITE : 0) |
	       (protection & PROT_EXEC ? USER_EXECUTE : 0);
}

// Whether the file would refuse the mapping if it were to be written.
static bool map_seals(struct call *call, struct area area)
{
	area.access |= USER_WRITE;
	return area.shared &&
	       map_file(call, call->arg[4], &area) == -EACCES;
}

static int64_t map_source(struct call *call, struct area *area)
{
	uint64_t flags = call->arg[3];

	area->offset = call->arg[5];
	if (!(flags & MAP_ANONYMOUS)) {
		area->sealed = map_seals(call, *area);
		return map_file(call, call->arg[4], area);
	}
	area->offset = 0;
	if (!area->shared)
		return 0;
	area->valid = area->end - area->start;
	return room_shared(&area->pager);
}

// What was there goes even if the new area cannot be had then, as on Linux.
static int64_t map_add(struct space *space, struct area *area, uint64_t flags)
{
	int64_t err = 0;

	if (flags & MAP_FIXED)
		err = space_remove(space, area->start, area->end);
	if (!err)
		err = space_add(space, area);
	return err ? err : (int64_t)area->start;
}

// In this order: what the arguments alone say, whether memory could hold it,
// where it goes, what is behind it; and only then is anything changed.
static int64_t map(struct call *call)
{
	struct space *space = space_of(call->process);
	uint64_t size = page_up(call->arg[1]), flags = call->arg[3];
	struct area area = { .access = access_of(call->arg[2]) };
	int64_t result;

	area.shared = (flags & MAP_TYPE) == MAP_SHARED;
	if (call->arg[1] == 0 || call->arg[5] % PAGE_SIZE ||
	    (!area.shared && (flags & MAP_TYPE) != MAP_PRIVATE))
		return -EINVAL;
	if (size == 0 || !range_valid(0, size))
		return -ENOMEM;
	if ((flags & MAP_ANONYMOUS) && !(flags & MAP_NORESERVE) &&
	    area.access && !memory_could_hold(space, size))
		return -ENOMEM;
	result = room_map(space, &area, call->arg[0], size, flags);
	if (!result)
		result = map_source(call, &area);
	if (result) {
		room_leave(space);
		return result;
	}
	if (area.pager)                  // held until the area holds it
		area.pager->ops->get(area.pager);
	if ((flags & MAP_FIXED) && space_discard(space, area.start, area.end))
		result = future_insist(future_of(call));
	else
		result = map_add(space, &area, flags);
	if (area.pager)                  // a new one is made the next time
		area.pager->ops->put(area.pager);
	return result;
}

static int64_t sys_mmap(struct call *call)
{
	return alone(call, map);
}

// The pages go first, in passes, the areas last, in one: a second thread that
// touches one in between gets it back empty, not a fault.
static int64_t unmap(struct call *call)
{
	uint64_t start = call->arg[0], size = call->arg[1];

	if (size == 0 || !range_valid(start, size))
		return -EINVAL;
	if (space_discard(space_of(call->process), start,
	                  start + page_up(size)))
		return future_insist(future_of(call));
	return space_remove(space_of(call->process), start,
	                    start + page_up(size));
}

static int64_t sys_munmap(struct call *call)
{
	return alone(call, unmap);
}

static int64_t protect_check(struct space *space, uint64_t start, uint64_t size,
                             uint64_t access)
{
	uint64_t end = start + page_up(size);

	if (start % PAGE_SIZE)
		return -EINVAL;
	if (!range_valid(start, size) || !range_mapped(space, start, end))
		return -ENOMEM;
	if ((access & PROT_WRITE) && range_sealed(space, start, end))
		return -EACCES;
	return 0;
}

// From its first pass on, what is touched anew is as it shall be; what is there
// already follows, in passes.
static int64_t protect(struct call *call)
{
	struct future *future = future_of(call);
	struct space *space = space_of(call->process);
	uint64_t start = call->arg[0], end = start + page_up(call->arg[1]);
	int64_t err = 0;

	if (!future->phase)
		err = protect_check(space, start, call->arg[1], call->arg[2]);
	if (!err && !future->phase)
		err = space_protect(space, start, end, access_of(call->arg[2]));
	if (err)
		return err;
	if (future->phase)
		start = future->goal;
	if (!space_restrict(space, &start, end))
		return 0;
	future->phase = 1;
	future->goal = start;
	return future_insist(future);
}

static int64_t sys_mprotect(struct call *call)
{
	return alone(call, protect);
}

// User mode has an instruction for this, but C libraries call: other harts may
// have to be told.
static int64_t sys_riscv_flush_icache(struct call *call)
{
	asm volatile("fence.i" ::: "memory");
	space_flush_others(space_of(call->process), true);
	return call->arg[2] & ~1ul ? -EINVAL : 0;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(214, brk, sys_brk, "ptr"),
	SYSCALL_ALONE(215, munmap, sys_munmap, "ptr len"),
	SYSCALL_ALONE(222, mmap, sys_mmap, "ptr len flags flags fd int"),
	SYSCALL_ALONE(226, mprotect, sys_mprotect, "ptr len flags"),
	SYSCALL(259, riscv_flush_icache, sys_riscv_flush_icache,
	        "ptr ptr flags"),
};

void map_init(void)
{
	SYSCALL_REGISTER(rows);
	remap_init();
	advise_init();
}
