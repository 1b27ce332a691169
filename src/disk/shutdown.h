// The end of the machine with disks: processes end, then what is mounted is
// unmounted, so that nothing needs a replay or a check.
#pragma once

void shutdown_init(void);
