// Kernel tasks: src/process/task.h on the host.
#pragma once
#include "process/wait.h"

struct ktask {
	struct task task;
	struct waiting waiting;
	int64_t (*poll)(struct ktask *ktask);
	bool finished;
};

void ktask_spawn(struct ktask *ktask);
int64_t ktask_again(struct ktask *ktask);
void ktask_cancel(struct ktask *ktask);
