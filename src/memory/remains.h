// Large address spaces that nobody has any more: a kernel task gives their
// pages back, in several passes.
#pragma once
#include "memory/space.h"

// Takes over a space without references, which no hart has loaded.
void remains_leave(struct space *space);

// Frames that are in them, and giving back at once until so many are free.
size_t remains_spare(void);
void remains_reclaim(size_t frames);
