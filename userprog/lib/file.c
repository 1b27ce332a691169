// Open files: the calls that take a descriptor.
#include "linux.h"
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int open_at(int dirfd, const char *path, int flags, int mode)
{
	return linux_result(CALL4(SYS_openat, linux_dirfd(dirfd), path,
	                          linux_open_flags(flags), mode));
}

int openat(int dirfd, const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	int mode = va_arg(args, int); // rubbish unless O_CREAT, then unused
	va_end(args);
	return open_at(dirfd, path, flags, mode);
}

int _open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	int mode = va_arg(args, int);
	va_end(args);
	return open_at(AT_FDCWD, path, flags, mode);
}
PUBLIC_NAME(open);

int _close(int fd)
{
	return linux_result(CALL1(SYS_close, fd));
}
PUBLIC_NAME(close);

ssize_t _read(int fd, void *buffer, size_t size)
{
	return linux_result(CALL3(SYS_read, fd, buffer, size));
}
PUBLIC_NAME(read);

ssize_t _write(int fd, const void *buffer, size_t size)
{
	return linux_result(CALL3(SYS_write, fd, buffer, size));
}
PUBLIC_NAME(write);

off_t _lseek(int fd, off_t offset, int whence)
{
	return linux_result(CALL3(SYS_lseek, fd, offset, whence));
}
PUBLIC_NAME(lseek);

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
	return linux_result(CALL4(SYS_pread64, fd, buffer, size, offset));
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	return linux_result(CALL4(SYS_pwrite64, fd, buffer, size, offset));
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
	return linux_result(CALL3(SYS_readv, fd, parts, count));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return linux_result(CALL3(SYS_writev, fd, parts, count));
}

int _fstat(int fd, struct stat *out)
{
	struct linux_stat in;
	long result = CALL2(SYS_fstat, fd, &in);

	if (result == 0)
		linux_stat_back(&in, out);
	return linux_result(result);
}
PUBLIC_NAME(fstat);

int dup(int fd)
{
	return linux_result(CALL1(SYS_dup, fd));
}

int dup3(int from, int to, int flags)
{
	return linux_result(CALL3(SYS_dup3, from, to, linux_open_flags(flags)));
}

int dup2(int from, int to)
{
	// dup3() refuses equal descriptors; dup2() only checks them.
	if (from == to)
		return fcntl(from, F_GETFL) < 0 ? -1 : to;
	return linux_result(CALL3(SYS_dup3, from, to, 0));
}

// Linux's number of an fcntl() command; the first five agree.
static int linux_fcntl(int command)
{
	switch (command) {
	case F_GETOWN:
		return 9;
	case F_SETOWN:
		return 8;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return command - 2;
	case F_DUPFD_CLOEXEC:
		return 1030;
	}
	return command;
}

int _fcntl(int fd, int command, ...)
{
	va_list args;
	va_start(args, command);
	long arg = va_arg(args, long);
	va_end(args);

	if (command == F_SETFL)
		arg = linux_open_flags(arg);
	long result = CALL3(SYS_fcntl, fd, linux_fcntl(command), arg);
	if (command == F_GETFL && result >= 0)
		result = linux_open_flags_back(result);
	return linux_result(result);
}
PUBLIC_NAME(fcntl);

int pipe2(int fds[2], int flags)
{
	return linux_result(CALL2(SYS_pipe2, fds, linux_open_flags(flags)));
}

int pipe(int fds[2])
{
	return linux_result(CALL2(SYS_pipe2, fds, 0));
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
		                 milliseconds % 1000 * 1000000L };

	return linux_result(CALL5(SYS_ppoll, fds, count,
	                          milliseconds < 0 ? 0 : &time, 0, 8));
}

int ftruncate(int fd, off_t size)
{
	return linux_result(CALL2(SYS_ftruncate, fd, size));
}

ssize_t sendfile(int out, int in, off_t *offset, size_t size)
{
	return linux_result(CALL4(SYS_sendfile, out, in, offset, size));
}

int fsync(int fd)
{
	return linux_result(CALL1(SYS_fsync, fd));
}

int fdatasync(int fd)
{
	return linux_result(CALL1(SYS_fdatasync, fd));
}

void sync(void)
{
	CALL0(SYS_sync);
}
