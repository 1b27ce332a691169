// One change of an address space at a time.  A change that takes several passes
// keeps others waiting that would change it as well, and fork(), which copies
// it: whoever looks finds it as it was before or after.  (Linux: mmap_lock.)
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/wait.h"

// Polls the call if it is its turn.  While the answer is PENDING the others
// wait.  What the call says, or PENDING.
int64_t alone(struct call *call, syscall_handler change);

// The same in steps: 0 when it is the call's turn, or PENDING; it takes more
// than one pass, and somebody may end it in the middle; it is over.
int64_t alone_turn(struct call *call);
void alone_begin(struct call *call);
void alone_end(struct call *call);
