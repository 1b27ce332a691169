#include "process/halt.h"
#include "lib/print.h"
#include "machine/board.h"
#include "memory/space.h"
#include "process/family.h"
#include "process/signal.h"

bool halting;
struct waker halt_waker = WAKER_INIT(halt_waker);
bool (*halt_first)(int status);

void halt(int status)
{
	if (halting)
		return;
	halting = halt_first && halt_first(status);
	if (!halting)
		board.poweroff(status);
}

void halt_with_init(struct process *init, int status)
{
	int code = status >> 8 & 0xff;

	if (halting) // it was killed for that
		return;
	if (space_of(init)->args == 0)   // no program was ever executed
		kprintf("init: no program to start (error %d)\n", 256 - code);
	if (status & 0x7f) {
		code = 128 + (status & 0x7f);
		kprintf("init: killed by %s\n", signal_name(status & 0x7f));
	}
	halt(code);
}

// Those that have ended wait for nobody any more.
bool halt_kill(void)
{
	bool any = false;

	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);

		if (p->ended)
			continue;
		family_kill(p, SIGKILL);
		any = true;
	}
	return any;
}
