// newlib's, and what it hides without _GNU_SOURCE.
#pragma once
#include_next <unistd.h>

int pipe2(int fds[2], int flags);
int dup3(int from, int to, int flags);
int brk(void *end);
