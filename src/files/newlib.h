// System calls 1024 to 1062, for programs linked with newlib's own libgloss.
#pragma once

void newlib_init(void);
