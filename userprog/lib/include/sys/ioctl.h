#pragma once
#include <sys/termios.h>

#define TCGETS     0x5401
#define TCSETS     0x5402
#define TIOCGPGRP  0x540f
#define TIOCSPGRP  0x5410
#define TIOCGWINSZ 0x5413
#define TIOCSCTTY  0x540e

int ioctl(int fd, unsigned long request, ...);
