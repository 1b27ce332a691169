// A terminal's settings, as programs see them: ioctl().
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/terminal.h"
#include "process/process.h"
#include <stdint.h>

// The process group in the foreground; 0: none so far.
extern int settings_group;

// 0, -ENOTTY for an unknown request, or an error.
int64_t settings_ioctl(struct terminal *terminal, struct process *process,
                       uint64_t request, uint64_t arg);
