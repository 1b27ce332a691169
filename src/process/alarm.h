// setitimer() and getitimer(): SIGALRM when a time of the clock is up.
#pragma once

void alarm_init(void);
