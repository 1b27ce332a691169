// Process groups, sessions, and kill().
#pragma once
#include <stdbool.h>

// Nobody is left who could continue the process's group when it is stopped:
// then the terminal does not stop it.
struct process;
bool group_orphaned(struct process *process);

// Whether the process would take no notice of a signal, for it is blocked or
// ignored.  Floor 12 sets it; there are no stops before.
extern bool (*group_ignores)(struct process *process, int signal);

// Registers kill, setpgid, getpgid, setsid, getsid.
void group_init(void);
