#pragma once
#include <stddef.h>
#include <sys/types.h>

#define PROT_NONE  0
#define PROT_READ  1
#define PROT_WRITE 2
#define PROT_EXEC  4

#define MAP_SHARED    1
#define MAP_PRIVATE   2
#define MAP_FIXED     0x10
#define MAP_ANONYMOUS 0x20
#define MAP_ANON      MAP_ANONYMOUS
#define MAP_NORESERVE 0x4000
#define MAP_FAILED    ((void *)-1)

#define MADV_NORMAL   0
#define MADV_DONTNEED 4

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int munmap(void *at, size_t size);
int mprotect(void *at, size_t size, int prot);
int madvise(void *at, size_t size, int advice);
