#include "machine/clint.h"
#include "machine/board.h"
#include "machine/hart.h"
#include "machine/mmio.h"

#define CLINT_MTIMECMP(hart) (board.clint + 0x4000 + 8 * (hart))
#define CLINT_MTIME          (board.clint + 0xbff8)

uint64_t clint_now(void)
{
	return read64(CLINT_MTIME);
}

void clint_arm(uint64_t when)
{
	write64(CLINT_MTIMECMP(this_hart()->id), when);
}
