// Process groups, sessions, and kill().
#pragma once

// Every process of the group gets the signal; how many there are.
struct siginfo;
int group_signal(int group, const struct siginfo *info);

// Registers kill, setpgid, getpgid, setsid, getsid.
void group_init(void);
