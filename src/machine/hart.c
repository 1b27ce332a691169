#include "machine/hart.h"
#include "lib/string.h"

// Not cleared at reset: a hart's stack is nobody's business, and its record
// is set by hart_init().
char hart_rooms[BOARD_HARTS][HART_ROOM]
	__attribute__((aligned(HART_ROOM), section(".noinit")));

uint64_t harts_online;

unsigned harts_count(void)
{
	unsigned count = 0;

	for (unsigned id = 0; id < BOARD_HARTS; id++)
		count += harts_online >> id & 1;
	return count;
}

// Not in .bss: the harts that are parked look at it while that is cleared.
void (*hart_go)(unsigned long id) __attribute__((section(".data")));

void hart_init(struct hart *hart, unsigned long id)
{
	memset(hart, 0, sizeof *hart);
	hart->id = id;
	hart->mark = id + 1;
	hart->tick = ~(uint64_t)0;
	list_init(&hart->woken);
}
