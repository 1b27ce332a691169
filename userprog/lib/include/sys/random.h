#pragma once
#include <stddef.h>
#include <sys/types.h>

ssize_t getrandom(void *buffer, size_t size, unsigned int flags);
