// The files of /proc: how each is written.
#pragma once
#include "files/proc.h"

struct report {
	const char *name;
	proc_writer writer;
};

// Both end with a row without a name.
extern const struct report system_reports[]; // /proc/NAME
extern const struct report process_reports[]; // /proc/PID/NAME

// What is known of the process.
void report_describe(struct process *process, struct proc_info *info);
