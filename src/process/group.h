// Process groups, sessions, and kill().
#pragma once

// Every process of the group gets the signal; how many there are.
int group_signal(int group, int signal);

// Registers kill, setpgid, getpgid, setsid, getsid.
void group_init(void);
