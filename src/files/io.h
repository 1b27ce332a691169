// read(), write() and their kin, on any open file: in passes of 64 KiB at
// most, each of which moves all that it says or nothing.
#pragma once

void io_init(void);
