// What fork() does to address spaces: both sides map the same frames, and
// neither may write to them; the first that does gets a copy.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/process.h"
#include <stdint.h>

struct space;

// A space with the same areas, and no pages yet.  0, -ENOMEM; -ENOSYS: memory
// cannot be in two places, for there is no MMU.
int space_like(struct space *from, struct space **like);

// Shares the parent's pages with the child, as many as one pass through the
// kernel may take.  0 when all are shared, -ENOMEM, or PENDING: go on later.
// Nothing to do if they share the space itself.
int64_t space_share(struct process *child, struct process *parent);
