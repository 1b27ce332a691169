#include "memory/room.h"
#include "lib/errno.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "memory/map.h"
#include "memory/range.h"
#include "memory/space.h"
#include "memory/table.h"

#define STACK_SIZE (8ul << 20)
#define IMAGE_OURS 0x1100000ul   // 17 MiB: from here on the stack lies below
#define STACK_LOW_IMAGE 0x40000000ul // 1 GiB: else here

const bool room_moves = false;

// Our programs are linked so high that the stack fits below: so image, heap and
// stack need three tables, and no fourth.
int room_home(struct space *space, uint64_t start, uint64_t end, struct home *home)
{
	uint64_t top = STACK_LOW_IMAGE;

	(void)space;
	if (start >= IMAGE_OURS)
		top = start & ~PAGE_MASK;
	else if (end > top - 2 * STACK_SIZE)
		top = SPACE_MAP_TOP - PAGE_SIZE;
	home->distance = 0;
	home->stack_top = top - PAGE_SIZE;
	home->stack = home->stack_top - STACK_SIZE;
	return 0;
}

uint64_t room_first(struct space *space, uint64_t size)
{
	(void)space, (void)size;
	return IMAGE_OURS;
}

bool room_brk(struct space *space, uint64_t from, uint64_t to)
{
	return to <= TABLE_END && memory_could_hold(space, to - from) &&
	       range_free(space, from, to);
}

// Where the mapping goes: 0 in area->start if nowhere.
// Where the hint is taken nobody is refused: without MAP_FIXED it is a wish.
int room_map(struct space *space, struct area *area, uint64_t hint, uint64_t size, uint64_t flags)
{
	uint64_t end = hint + size;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (!range_valid(hint, size) || hint < PAGE_SIZE)
			return hint % PAGE_SIZE ? -EINVAL : -ENOMEM;
		if ((flags & MAP_FIXED_NOREPLACE) &&
		    !range_free(space, hint, end))
			return -EEXIST;
		area->start = hint;
	} else if (hint >= PAGE_SIZE && range_valid(hint, size) &&
	           range_free(space, hint, end)) {
		area->start = hint;
	} else {
		area->start = space_hole(space, size);
	}
	area->end = area->start + size;
	return area->start ? 0 : -ENOMEM;
}

// Addresses alone cost nothing.
void room_leave(struct space *space)
{
	(void)space;
}

// ---- shared memory of a family: pages that live as long as somebody maps
// ---- them, found by a page table of their own -------------------------------

struct shared {
	struct pager pager;
	uint32_t refs;
	uint64_t *root;          // addresses in it are offsets
};

// The first to touch the page makes it; all others find it here, whatever their
// own tables say.  The frame has one reference from here and one from each.
static int64_t shared_page(struct pager *pager, uint64_t index, void **frame)
{
	struct shared *shared = container_of(pager, struct shared, pager);
	uint64_t *entry = table_make(shared->root, index * PAGE_SIZE);

	if (entry == NULL)
		return -ENOMEM;
	if (!(*entry & PTE_V)) {
		void *fresh = page_alloc_zeroed();

		if (fresh == NULL)
			return -ENOMEM;
		*entry = pte_make(fresh, PTE_V | PTE_R);
		pager->held++;
	}
	*frame = pte_frame(*entry);
	frame_get(*frame);
	return 0;
}

static void shared_get(struct pager *pager)
{
	container_of(pager, struct shared, pager)->refs++;
}

// Nobody maps it any more, so its frames have the reference from here only.
static void shared_put(struct pager *pager)
{
	struct shared *shared = container_of(pager, struct shared, pager);
	uint64_t at = 0, *entry;

	if (--shared->refs)
		return;
	for (; (entry = table_next(shared->root, &at, TABLE_END));
	     at += PAGE_SIZE) {
		frame_put(pte_frame(*entry));
		*entry = 0;
	}
	table_free(shared->root);
	kfree(shared);
}

static const struct pager_ops shared_ops = {
	.page = shared_page,
	.get = shared_get,
	.put = shared_put,
};

// No reference yet: the area that is added takes the first.
int room_shared(struct pager **pager)
{
	struct shared *shared = kzalloc(sizeof *shared);

	if (shared == NULL)
		return -ENOMEM;
	shared->root = table_new();
	if (shared->root == NULL) {
		kfree(shared);
		return -ENOMEM;
	}
	shared->pager.ops = &shared_ops;
	*pager = &shared->pager;
	return 0;
}
