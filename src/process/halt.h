// The end of everything: the machine goes off, at once or after what has to be
// done first.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "process/wait.h"
#include <stdbool.h>

// Somebody is at it; all processes are to end.
extern bool halting;

// A process has ended meanwhile.
extern struct waker halt_waker;

// What has to be done first: answers true when it takes over, and in the end
// calls board.poweroff() with that status.  False, as without: nothing.
extern bool (*halt_first)(int status);

// Turns the machine off with that status.  Returns if something has to be done
// first; the first status counts.
void halt(int status);

// The machine ends with its first process, which has this wait status.
void halt_with_init(struct process *init, int status);

// Every process is told to end; false: all have.
bool halt_kill(void);
