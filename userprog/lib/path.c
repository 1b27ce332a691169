// Names of files: the calls that take a path.
#include "linux.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CWD (-100) // Linux's AT_FDCWD

static int stat_at(int dirfd, const char *path, struct stat *out, int flags)
{
	struct linux_stat in;
	long result = CALL4(SYS_newfstatat, dirfd, path, &in, flags);

	if (result == 0)
		linux_stat_back(&in, out);
	return linux_result(result);
}

int fstatat(int dirfd, const char *path, struct stat *out, int flags)
{
	return stat_at(linux_dirfd(dirfd), path, out, linux_at_flags(flags));
}

int _stat(const char *path, struct stat *out)
{
	return stat_at(CWD, path, out, 0);
}
PUBLIC_NAME(stat);

int lstat(const char *path, struct stat *out)
{
	return fstatat(AT_FDCWD, path, out, AT_SYMLINK_NOFOLLOW);
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	(void)flags; // the call has none, as in Linux
	return linux_result(
		CALL3(SYS_faccessat, linux_dirfd(dirfd), path, mode));
}

int access(const char *path, int mode)
{
	return linux_result(CALL3(SYS_faccessat, CWD, path, mode));
}

ssize_t readlinkat(int dirfd, const char *path, char *buffer, size_t size)
{
	return linux_result(
		CALL4(SYS_readlinkat, linux_dirfd(dirfd), path, buffer, size));
}

ssize_t readlink(const char *path, char *buffer, size_t size)
{
	return readlinkat(AT_FDCWD, path, buffer, size);
}

int chdir(const char *path)
{
	return linux_result(CALL1(SYS_chdir, path));
}

int fchdir(int fd)
{
	return linux_result(CALL1(SYS_fchdir, fd));
}

char *getcwd(char *buffer, size_t size)
{
	return linux_result(CALL2(SYS_getcwd, buffer, size)) < 0 ? 0 : buffer;
}

int mkdirat(int dirfd, const char *path, mode_t mode)
{
	return linux_result(CALL3(SYS_mkdirat, linux_dirfd(dirfd), path, mode));
}

int _mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}
PUBLIC_NAME(mkdir);

int unlinkat(int dirfd, const char *path, int flags)
{
	return linux_result(CALL3(SYS_unlinkat, linux_dirfd(dirfd), path,
	                          linux_at_flags(flags)));
}

int _unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}
PUBLIC_NAME(unlink);

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int _link(const char *from, const char *to)
{
	return linux_result(CALL5(SYS_linkat, CWD, from, CWD, to, 0));
}
PUBLIC_NAME(link);

int symlink(const char *target, const char *path)
{
	return linux_result(CALL3(SYS_symlinkat, target, CWD, path));
}

// Strong: libc's would link and unlink, which leaves both names for a while.
int rename(const char *from, const char *to)
{
	return linux_result(CALL5(SYS_renameat2, CWD, from, CWD, to, 0));
}

int mkfifo(const char *path, mode_t mode)
{
	return linux_result(
		CALL4(SYS_mknodat, CWD, path, S_IFIFO | (mode & 07777), 0));
}

int truncate(const char *path, off_t size)
{
	return linux_result(CALL2(SYS_truncate, path, size));
}

int chmod(const char *path, mode_t mode)
{
	return linux_result(CALL3(SYS_fchmodat, CWD, path, mode));
}

mode_t umask(mode_t mask)
{
	return CALL1(SYS_umask, mask);
}

int utimensat(int dirfd, const char *path, const struct timespec *times,
              int flags)
{
	return linux_result(CALL4(SYS_utimensat, linux_dirfd(dirfd), path,
	                          times, linux_at_flags(flags)));
}
