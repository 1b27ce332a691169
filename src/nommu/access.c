// The kernel's way to user memory where addresses are what they are: whether
// the process may use them is asked of its areas, never of the hart.  In
// machine mode the hart would let everything pass.
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/fault.h"
#include "memory/pager.h"
#include "memory/share.h"
#include "memory/table.h"
#include "nommu/blocks.h"

static bool area_allows(const struct area *area, unsigned access)
{
	unsigned allowed = area->access;

	if (allowed & USER_WRITE)
		allowed |= USER_READ;
	return (access & ~allowed) == 0;
}

// Page by page, as with an MMU; noted, as the floors above look there first.
char *space_reach(struct space *space, uint64_t address, unsigned access)
{
	uint64_t page = address >> PAGE_SHIFT;
	struct space_cache *cache =
		&space->cache[(page ^ access) % SPACE_CACHE];
	struct area *area;

	if (space_cached(space, address, access))
		return (char *)address;
	area = space_area(space, address);
	if (area == NULL || !area_allows(area, access))
		return NULL;
	cache->tag = page << PAGE_SHIFT | access;
	cache->distance = 0;
	return (char *)address;
}

static int64_t space_translate(struct process *process, uint64_t address, unsigned access, void **at, size_t *room)
{
	*at = space_reach(space_of(process), address, access);
	*room = PAGE_SIZE - (address & PAGE_MASK);
	return *at ? 0 : -EFAULT;
}

int64_t space_write(struct space *space, uint64_t to, const void *from, size_t size)
{
	struct area *area = space_area(space, to);

	if (area == NULL || area->end - to < size ||
	    !area_allows(area, USER_WRITE))
		return -EFAULT;
	memcpy((void *)to, from, size);
	return 0;
}

size_t space_peek(struct space *space, void *to, uint64_t from, size_t size)
{
	struct area *area = space_area(space, from);

	if (area == NULL || !area->access)
		return 0;
	if (area->end - from < size)
		size = area->end - from;
	memcpy(to, (void *)from, size);
	return size;
}

// With the kernel lock it is as fast.
bool space_store_free(struct process *process, uint64_t to, const void *from, size_t size)
{
	(void)process, (void)to, (void)from, (void)size;
	return false;
}

// Memory is taken by calls, which can say that there is none.
struct trapframe *(*fault_no_memory)(struct process *process);

void fault_init(void)
{
	user_translate = space_translate;
	user_store_free = space_store_free;
	blocks_init();
}

// ---- what only page tables could do ----------------------------------------

int space_like(struct space *from, struct space **like)
{
	(void)from, (void)like;
	return -ENOSYS;
}

int64_t space_share(struct process *child, struct process *parent)
{
	(void)child, (void)parent;
	return 0;
}

// Copies of a file's pages are nobody else's concern.
void pager_protect(struct pager *pager, uint64_t index)
{
	(void)pager, (void)index;
}

bool pager_unmap(struct pager *pager, uint64_t index)
{
	(void)pager, (void)index;
	return false;
}

int pager_evict(struct pager *pager, uint64_t index, const void *frame, bool used_too)
{
	(void)pager, (void)index, (void)frame, (void)used_too;
	return 0;
}

size_t table_spare(void)
{
	return 0;
}

void table_trim(void)
{
}
