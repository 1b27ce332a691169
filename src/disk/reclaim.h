// Giving up clean pages of the cache when memory is short.  Those that no
// process maps go at once, in the pass that needs memory.  Those that are
// mapped are taken out of the address spaces by a kernel task, in passes of its
// own, for a call that runs may count on what it has made ready.
//
// Who waits for memory is not served in vain for ever: a page that was got goes
// to the end of the list, and all others are looked at before it is again; it
// then counts as used, and goes only at the next round, or at the third if
// nothing was found in two.  So a process needs more pages at once than there
// are, before it takes them from itself.
#pragma once
#include <stddef.h>

// Frames that could be given up.
size_t reclaim_spare(void);

// Gives up so many frames that no process maps; how many it did.
size_t reclaim_pages(size_t frames);

// Starts the task, and lets floor 8 wait for it: memory_wait.
void reclaim_init(void);
