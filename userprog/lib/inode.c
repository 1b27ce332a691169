#include "inode.h"
#include <sys/stat.h>

#define SYS_statfs 43

int inode_look(const char *path, bool follow, struct linux_stat *out)
{
	return linux_result(CALL4(SYS_newfstatat, -100, path, out,
	                          follow ? 0 : 0x100));
}

int inode_volume(const char *path, struct linux_statfs *out)
{
	return linux_result(CALL2(SYS_statfs, path, out));
}

void inode_mode(unsigned mode, char out[11])
{
	static const char types[] = "?pc?d?b?-?l?s???";

	*out++ = types[mode >> 12 & 15];
	for (int bit = 8; bit >= 0; bit--)
		*out++ = mode >> bit & 1 ? "xwr"[bit % 3] : '-';
	if (mode & S_ISUID)
		out[-7] = mode & 0100 ? 's' : 'S';
	if (mode & S_ISGID)
		out[-4] = mode & 010 ? 's' : 'S';
	if (mode & S_ISVTX)
		out[-1] = mode & 1 ? 't' : 'T';
	*out = '\0';
}

const char *inode_type(const struct linux_stat *st)
{
	switch (st->mode & S_IFMT) {
	case S_IFREG:
		return st->size ? "regular file" : "regular empty file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symbolic link";
	case S_IFIFO:
		return "fifo";
	case S_IFCHR:
		return "character special file";
	case S_IFBLK:
		return "block special file";
	}
	return "weird file";
}
