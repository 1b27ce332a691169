// Who owns the terminal.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

bool terminal_init(void); // true: job control is possible
void terminal_give(pid_t group);
void terminal_take(void); // back to the shell, settings too
