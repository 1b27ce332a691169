// System calls about the system as a whole: uname, sysinfo, limits, who the
// user is, and reboot.
#pragma once

void system_init(void);
