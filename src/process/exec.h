// execve(): a process starts on another program.  The new address space is
// made whole beside the old one; then, in one step that cannot fail, it takes
// its place.
#pragma once

void exec_init(void);
