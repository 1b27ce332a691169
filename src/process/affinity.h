// Which harts a process may run on, and which one it is on.
#pragma once

// Registers sched_setaffinity(), sched_getaffinity() and getcpu().
void affinity_init(void);
