#include "machine/hart.h"
#include "lib/string.h"

// Not cleared at reset: a hart's stack is nobody's business, and its record
// is set by hart_init().
char hart_rooms[BOARD_HARTS][HART_ROOM]
	__attribute__((aligned(HART_ROOM), section(".noinit")));

void hart_init(uint64_t id)
{
	struct hart *hart = this_hart();

	memset(hart, 0, sizeof *hart);
	hart->id = id;
	hart->tick = ~(uint64_t)0;
	list_init(&hart->woken);
}
