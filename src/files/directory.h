// Reading directories, and moving among them: getdents64(), getcwd(),
// chdir(), fchdir().
#pragma once

void directory_init(void);
