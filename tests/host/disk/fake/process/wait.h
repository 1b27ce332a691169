// Waiting, as far as the disk floors know it: src/process/wait.h without
// processes.
#pragma once
#include "lib/list.h"
#include <stdbool.h>
#include <stdint.h>

#define PENDING (-4096)

struct task {
	struct list node;
	bool queued;
	void (*run)(struct task *task);
};

struct waker {
	struct list waits;
};
#define WAKER_INIT(name) { LIST_INIT((name).waits) }

struct waiting {
	struct list node;
	struct task *task;
	bool woken, late;
};

void waker_init(struct waker *waker);
void wait_on(struct waiting *waiting, struct waker *waker);
void wait_until(struct waiting *waiting, uint64_t deadline);
void wait_end(struct waiting *waiting);
void wake_all(struct waker *waker);

static inline bool waker_idle(const struct waker *waker)
{
	return list_empty(&waker->waits);
}
