// Signals of the shell itself, and `trap`.
#pragma once
#include <stdbool.h>

void trap_init(void);
void trap_child(bool background); // back to what a program expects
bool trap_set(const char *signal, const char *action); // NULL: default
void trap_show(void);
bool trap_pending(void);
void trap_run(void); // actions of signals that came
void trap_run_exit(void);
