// statx(): what stat() tells, in a record with room for more.
#pragma once

void statx_init(void);
