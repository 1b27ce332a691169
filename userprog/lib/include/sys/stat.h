// newlib's, and what it declares for some systems only.
#pragma once
#include_next <sys/stat.h>

int lstat(const char *path, struct stat *out);
