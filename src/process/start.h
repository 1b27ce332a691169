// A process out of nothing that executes a program: it starts in a page with
// one system call, so that the way to its program is that of all others.
#pragma once

struct process;

// Not ready yet.  At most 7 arguments, the first being the program's name.
// Panics when out of memory: nothing has run so far.
struct process *start_program(const char *path, const char *const arguments[], int count);
