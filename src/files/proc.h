// /proc, read-only and in Linux's formats: what ps, free and uptime look at.
// What a higher floor knows it registers.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/text.h"
#include "process/process.h"
#include <stdint.h>

// What is told of a process.  Numbers that nobody fills in are 0.
struct proc_info {
	char state; // R running, S waiting, Z ended, T stopped
	int parent, group, session;
	int terminal, foreground; // the terminal's number and its group
	int threads;
	uint64_t user_ticks, system_ticks; // of 10 ms
	uint64_t children_ticks; // of those that were waited for
	uint64_t born; // ns since reset
	uint64_t signals_pending, signals_blocked, signals_ignored,
		signals_caught;
	int exit_signal, exit_status;
};

// Fills in what it knows.  Called for one process after the other, in the
// order of registration.
struct proc_source {
	void (*describe)(struct process *process, struct proc_info *info);
	struct proc_source *next;
};
void proc_add_source(struct proc_source *source);

// A line "name value" of /proc/kernel.
struct proc_number {
	const char *name;
	uint64_t (*get)(void);
	struct proc_number *next;
};
void proc_add_number(struct proc_number *number);

// A file of /proc: its text is made anew whenever it is read from its start.
// 0 or an error.
typedef int64_t (*proc_writer)(struct text *text, struct process *process);

// Adds a file to /proc itself, for which process is NULL; false when out of
// memory.
bool proc_add_file(const char *name, proc_writer writer);

void proc_init(void);
