#include "process/vdso.h"
#include "memory/space.h"

// The whole page, as user mode may read all of it.  Read-only data of the
// kernel is locked against execution, so this is not const.
static uint32_t code[PAGE_SIZE / 4] __attribute__((aligned(4096))) = {
	0x08b00893,              // li a7, 139: rt_sigreturn
	0x00000073,              // ecall
};

static int64_t vdso_page(struct pager *pager, uint64_t index, void **frame)
{
	(void)pager, (void)index;
	*frame = code;
	return 0;
}

// It is there as long as the kernel: nobody needs to hold it.
static void vdso_hold(struct pager *pager)
{
	(void)pager;
}

static const struct pager_ops ops = {
	.page = vdso_page,
	.get = vdso_hold,
	.put = vdso_hold,
};
static struct pager pager = { .ops = &ops };

int64_t vdso_map(struct space *space)
{
	struct area area = {
		.start = space->stack_top,
		.end = space->stack_top + PAGE_SIZE,
		.access = USER_READ | USER_EXECUTE,
		.pager = &pager,
		.valid = PAGE_SIZE,
	};

	return space_add(space, &area);
}
