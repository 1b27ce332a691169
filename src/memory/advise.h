// What a process says of its memory, and asks for what it stored there:
// madvise(), msync().
#pragma once

void advise_init(void);
