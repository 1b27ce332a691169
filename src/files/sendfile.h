// sendfile(): from a file to anything that can be written, without a way
// through the process's memory.
#pragma once

void sendfile_init(void);
