#include "memory/fault.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/csr.h"
#include "machine/lock.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "memory/table.h"

// What is read before anybody wrote to it: one frame of zeroes for all.
static char zero_frame[PAGE_SIZE] __attribute__((aligned(4096)));

// Write access is not among them: it is given page by page, when a frame is the
// space's own.  A and D are set from the start, since some harts trap instead
// of setting them.  (Privileged Architecture 1.12, section 4.3.1.)
static uint64_t area_bits(const struct area *area)
{
	uint64_t bits = PTE_V | PTE_U | PTE_A | PTE_D;

	if (area->access & (USER_READ | USER_WRITE))
		bits |= PTE_R;
	if (area->access & USER_EXECUTE)
		bits |= PTE_X;
	return bits;
}

// A frame of its own with the same contents, in place of *frame.
static int frame_copy(void **frame)
{
	void *copy = *frame == zero_frame ? page_alloc_zeroed() : page_alloc(0);

	if (copy == NULL)
		return -ENOMEM;
	if (*frame != zero_frame)
		page_copy(copy, *frame);
	frame_put(*frame);
	*frame = copy;
	return 0;
}

// The last page of a file's part of an area: what lies behind is zero.
static int frame_cut(void **frame, uint64_t valid)
{
	int err = frame_copy(frame);

	if (!err)
		memset((char *)*frame + valid, 0, PAGE_SIZE - valid);
	return err;
}

// The number that a page has with the pager.
static uint64_t area_index(const struct area *area, uint64_t page)
{
	return (area->offset + (page - area->start)) / PAGE_SIZE;
}

// The frame for a page that is not there yet, with a reference.  A shared page
// is never a copy, nor the frame of zeroes: what is written to it would be
// lost, or seen by all the world.  So its last page shows what the pager has
// behind its end, and beyond that page there is nothing.
static int64_t area_frame(struct area *area, uint64_t page, void **frame)
{
	uint64_t inside = page - area->start;
	uint64_t index = area_index(area, page);
	int64_t err;

	*frame = zero_frame;
	if (area->pager == NULL || inside >= area->valid)
		return area->shared ? -EFAULT : 0;
	err = area->pager->ops->page(area->pager, index, frame);
	if (err || area->valid - inside >= PAGE_SIZE ||
	    !(area->access & USER_WRITE) || area->shared)
		return err;
	err = frame_cut(frame, area->valid - inside);
	if (err)
		frame_put(*frame);
	return err;
}

// A frame that nobody else holds may be written in place.
static bool frame_own(void *frame)
{
	return page_of(frame) && page_refs(frame) == 1;
}

// All of the stack's area is set aside; RLIMIT_STACK says how much of it
// counts.
static bool stack_too_low(struct space *space, struct area *area, uint64_t address)
{
	return area->end == space->stack_top &&
	       address < space->stack_top - space->stack_limit;
}

// An instruction cache need not see what was stored, until it is told.
// (Unprivileged ISA, chapter "Zifencei".)
static void entry_now_text(void)
{
	asm volatile("fence.i" ::: "memory");
}

// The pager's frame may be stored to.  What is mapped may be an older one,
// which the pager has given up.
static int64_t frame_store(struct area *area, uint64_t page, void **frame)
{
	struct pager *pager = area->pager;
	void *now;
	int64_t err;

	if (pager->ops->store == NULL)
		return 0;
	err = pager->ops->store(pager, area_index(area, page), &now);
	if (err)
		return err;
	frame_put(*frame);
	*frame = now;
	return 0;
}

// Gives an entry that is there what the area allows; to be written, the frame
// must be the space's own, or its pager must know.  What was written and is to
// be executed now is new text.
static int64_t entry_promote(struct area *area, uint64_t page, uint64_t *entry, bool write)
{
	void *frame = pte_frame(*entry);
	uint64_t bits = area_bits(area) | (*entry & PTE_W);
	int64_t err = 0;

	if (write && area->shared)
		err = frame_store(area, page, &frame);
	else if (write && !frame_own(frame))
		err = frame_copy(&frame);
	if (err)
		return err;
	if (bits & ~*entry & PTE_X)
		entry_now_text();
	*entry = pte_make(frame, write ? bits | PTE_W : bits);
	return 0;
}

// Read-only at first, also in an area that may be written: what comes from a
// pager, or is the frame of zeroes, is not ours to change.
static int64_t entry_fill(struct space *space, struct area *area, uint64_t page, uint64_t *entry)
{
	void *frame;
	int64_t err = area_frame(area, page, &frame);

	if (err)
		return err;
	*entry = pte_make(frame, area_bits(area));
	space->resident++;
	if (area->access & USER_EXECUTE)
		entry_now_text();
	return 0;
}

// Sv39 knows no page that can be written but not read.
static bool area_allows(const struct area *area, unsigned access)
{
	unsigned allowed = area->access;

	if (allowed & USER_WRITE)
		allowed |= USER_READ;
	return (access & ~allowed) == 0;
}

// The area with the address; NULL if it does not allow that.
static struct area *fault_area(struct space *space, uint64_t address, unsigned access)
{
	struct area *area = space_area(space, address);

	return area && !stack_too_low(space, area, address) &&
	       area_allows(area, access) ? area : NULL;
}

// Harts that run threads of the same process may have the frame that was there,
// and know nothing of new text.  Rights that grew they find out by a fault.
static void entry_concerns_others(struct space *space, uint64_t before, uint64_t now)
{
	uint64_t text = now & ~before & PTE_X;

	if (text || (before & PTE_V && pte_frame(before) != pte_frame(now)))
		space_flush_others(space, text);
}

// A page that is there faults because of its rights: the kernel's cache may
// have the frame that is about to be replaced.  One that is not there is in no
// cache.
int64_t space_fault(struct space *space, uint64_t address, unsigned access)
{
	uint64_t page = address & ~PAGE_MASK, *entry;
	struct area *area = fault_area(space, address, access);
	uint64_t before;
	int64_t err = 0;

	LOCK_HELD();
	if (!area)
		return -EFAULT;
	entry = table_make(space->root, page);
	if (entry == NULL)
		return -ENOMEM;
	before = *entry;
	if (before & PTE_V)
		space_forget(space);
	else
		err = entry_fill(space, area, page, entry);
	if (!err && (before & PTE_V || access & USER_WRITE))
		err = entry_promote(area, page, entry, access & USER_WRITE);
	space_flush_page(space, page);
	if (sched_many)
		entry_concerns_others(space, before, *entry);
	return err;
}

// ---- the kernel's way to user memory ---------------------------------------

static uint64_t access_bits(unsigned access)
{
	return PTE_V | PTE_U | (access & USER_READ ? PTE_R : 0) |
	       (access & USER_WRITE ? PTE_W : 0) |
	       (access & USER_EXECUTE ? PTE_X : 0);
}

// In a call, who holds more than is left gets no more, so that the calls of
// others need not fail.
static bool space_refused(struct space *space)
{
	return memory_scarce() && space->resident > page_free_count();
}

// The area is right, but its pager cannot give the page: behind the end of the
// file, no room, a broken disk.
static bool fault_is_bus(int64_t err)
{
	return err && err != -EFAULT && err != -ENOMEM && err != PENDING;
}

// The frame behind the address, made if it is not there; noted in the cache.
static int64_t space_find(struct space *space, uint64_t address, unsigned access, char **frame)
{
	uint64_t need = access_bits(access);
	uint64_t *entry = NULL;
	int64_t err;

	if (address >= TABLE_END)
		return -EFAULT;
	entry = table_entry(space->root, address);
	if (!entry || (*entry & need) != need) {
		err = space_refused(space) ? -ENOMEM
		      : space_fault(space, address, access);
		if (err == -ENOMEM)
			err = memory_wait();
		if (err)
			return fault_is_bus(err) ? -EFAULT : err;
		entry = table_entry(space->root, address);
	}
	*entry |= PTE_A; // by us: see pager_evict()
	*frame = pte_frame(*entry);
	return 0;
}

// Notes where the page of an address lies; answers where the address does.
static char *space_note(struct space *space, uint64_t address, unsigned access,
                        char *frame)
{
	uint64_t page = address >> PAGE_SHIFT;
	struct space_cache *cache =
		&space->cache[(page ^ access) % SPACE_CACHE];

	cache->tag = page << PAGE_SHIFT | access;
	cache->distance = (uintptr_t)frame - (page << PAGE_SHIFT);
	return frame + (address & PAGE_MASK);
}

// Kept out of the common way, which so saves no registers.
static __attribute__((noinline)) int64_t space_search(
	struct space *space, uint64_t address, unsigned access, void **at)
{
	char *frame;
	int64_t err = space_find(space, address, access, &frame);

	if (!err)
		*at = space_note(space, address, access, frame);
	return err;
}

// The pass ends before anybody else could take the page away, so the address is
// good until then; that is why calls must not keep it when they wait.
static int64_t space_translate(struct process *process, uint64_t address, unsigned access, void **at, size_t *room)
{
	struct space *space = space_of(process);
	*room = PAGE_SIZE - (address & PAGE_MASK);
	*at = space_cached(space, address, access);
	return *at ? 0 : space_search(space, address, access, at);
}

char *space_reach(struct space *space, uint64_t address, unsigned access)
{
	char *at = space_cached(space, address, access);
	uint64_t need = access_bits(access), *entry;

	if (at || address >= TABLE_END)
		return at;
	entry = table_entry(space->root, address);
	if (!entry || (*entry & need) != need)
		return NULL;
	return space_note(space, address, access, pte_frame(*entry));
}

int64_t space_write(struct space *space, uint64_t to, const void *from, size_t size)
{
	while (size) {
		size_t room = PAGE_SIZE - (to & PAGE_MASK);
		char *frame;
		int64_t err = space_find(space, to, USER_WRITE, &frame);

		if (err)
			return err;
		if (room > size)
			room = size;
		memcpy(frame + (to & PAGE_MASK), from, room);
		to += room;
		from += room;
		size -= room;
	}
	return 0;
}

// ---- page faults of user mode ----------------------------------------------

static const uint8_t fault_access[16] = {
	[CAUSE_FETCH_PAGE] = USER_EXECUTE,
	[CAUSE_LOAD_PAGE] = USER_READ,
	[CAUSE_STORE_PAGE] = USER_WRITE,
};

// Nobody waits or ends for an address that means nothing.  Nothing was prepared
// yet in this pass.
static __attribute__((noinline)) int64_t fault_when_short(struct space *space, uint64_t address, unsigned access)
{
	if (!fault_area(space, address, access))
		return -EFAULT;
	if (memory_short() && memory_wait() == PENDING)
		return PENDING;
	return memory_scarce() ? -ENOMEM : space_fault(space, address, access);
}

static struct trapframe *fault_trap(struct trapframe *frame, unsigned long cause)
{
	struct space *space = space_of(process_of(frame));
	uint64_t address = csr_read(mtval);
	int64_t err = -EFAULT;

	if (address < TABLE_END)
		err = page_free_count() < memory_mark
		      ? fault_when_short(space, address, fault_access[cause])
		      : space_fault(space, address, fault_access[cause]);
	if (err == -ENOMEM)
		err = memory_wait();
	if (err == PENDING) // parked; then the instruction is tried again
		return schedule();
	if (err == -ENOMEM)
		return fault_no_memory(process_of(frame));
	if (fault_is_bus(err))
		cause = CAUSE_BUS;
	return err ? process_fault(frame, cause) : frame;
}

static struct trapframe *fault_end(struct process *process)
{
	kprintf("%s[%d]: out of memory: killed\n", process->name,
	        process->pid);
	process_end(process);
	process_free(process);
	return schedule();
}

struct trapframe *(*fault_no_memory)(struct process *process) = fault_end;

void fault_init(void)
{
	user_translate = space_translate;
	user_store_free = space_store_free;
	trap_on_exception(CAUSE_FETCH_PAGE, fault_trap);
	trap_on_exception(CAUSE_LOAD_PAGE, fault_trap);
	trap_on_exception(CAUSE_STORE_PAGE, fault_trap);
}
