// execve(): a process starts on another program.  The new address space is
// made whole beside the old one; then, in one step that cannot fail, it takes
// its place.
#pragma once

struct process;

// Which thread goes on with the new program, the others being ended: a floor
// with threads sets it.  Without it: the caller.
extern struct process *(*exec_survivor)(struct process *caller);

void exec_init(void);
