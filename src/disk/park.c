#include "disk/park.h"

static int64_t park_call(struct waker *waker)
{
	struct future *future = future_of(call_of(process_running()));

	return future_wait(future, waker);
}

struct waiting *park_task;
bool park_never;
int64_t (*park_process)(struct waker *waker) = park_call;

int64_t park(struct waker *waker)
{
	if (park_never)
		return PENDING;
	if (park_task == NULL)
		return park_process(waker);
	wait_on(park_task, waker);
	return PENDING;
}
