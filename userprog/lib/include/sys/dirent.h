// What newlib's <dirent.h> asks each system for.
#pragma once
#include <sys/types.h>

#define DT_UNKNOWN 0
#define DT_FIFO    1
#define DT_CHR     2
#define DT_DIR     4
#define DT_BLK     6
#define DT_REG     8
#define DT_LNK     10

// The kernel's own record (getdents64), so that readdir() copies nothing.
struct dirent {
	unsigned long d_ino;
	long d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[256];
};

typedef struct directory {
	int fd, at, filled;
	char buffer[2048] __attribute__((aligned(8)));
} DIR;
