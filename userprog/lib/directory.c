// Reading directories: getdents64() fills the buffer, and readdir() hands out
// the kernel's records where they lie.
#include "linux.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

DIR *fdopendir(int fd)
{
	DIR *dir = malloc(sizeof *dir);

	if (dir) {
		dir->fd = fd;
		dir->at = dir->filled = 0;
	}
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	if (dir->at >= dir->filled) {
		dir->filled =
			linux_result(CALL3(SYS_getdents64, dir->fd, dir->buffer,
		                           sizeof dir->buffer));
		dir->at = 0;
		if (dir->filled <= 0)
			return NULL;
	}
	struct dirent *entry = (void *)(dir->buffer + dir->at);
	dir->at += entry->d_reclen;
	return entry;
}

void rewinddir(DIR *dir)
{
	lseek(dir->fd, 0, SEEK_SET);
	dir->at = dir->filled = 0;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

int closedir(DIR *dir)
{
	int fd = dir->fd;

	free(dir);
	return close(fd);
}
