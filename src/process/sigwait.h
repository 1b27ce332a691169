// Calls that wait for a signal: rt_sigsuspend() until a handler was called,
// rt_sigtimedwait() to take one that is blocked.
#pragma once

void sigwait_init(void);
