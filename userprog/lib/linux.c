// The one place that knows where newlib and Linux differ.
#include "linux.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

// Up to ERANGE (34) both number errors alike.
static const unsigned char error_map[][2] = {
	{ 35, EDEADLK },
	{ 36, ENAMETOOLONG },
	{ 37, ENOLCK },
	{ 38, ENOSYS },
	{ 39, ENOTEMPTY },
	{ 40, ELOOP },
	{ 42, ENOMSG },
	{ 43, EIDRM },
	{ 60, ENOSTR },
	{ 61, ENODATA },
	{ 62, ETIME },
	{ 63, ENOSR },
	{ 71, EPROTO },
	{ 74, EBADMSG },
	{ 75, EOVERFLOW },
	{ 84, EILSEQ },
	{ 88, ENOTSOCK },
	{ 90, EMSGSIZE },
	{ 95, EOPNOTSUPP },
	{ 104, ECONNRESET },
	{ 105, ENOBUFS },
	{ 110, ETIMEDOUT },
	{ 115, EINPROGRESS },
	{ 125, ECANCELED },
	{ 130, EOWNERDEAD },
	{ 131, ENOTRECOVERABLE },
};

int linux_errno(int error)
{
	if (error <= ERANGE)
		return error;
	for (unsigned i = 0; i < sizeof error_map / 2; i++)
		if (error_map[i][0] == error)
			return error_map[i][1];
	return EIO;
}

long linux_result(long result)
{
	// Only the last page of numbers are errors: an mmap() may well
	// answer with an address that looks negative.
	if ((unsigned long)result < -4095UL)
		return result;
	errno = linux_errno(-result);
	return -1;
}

struct flag_pair {
	int newlib, linux_;
};

static const struct flag_pair open_map[] = {
	{ O_CREAT, 0x40 },
	{ O_EXCL, 0x80 },
	{ O_NOCTTY, 0x100 },
	{ O_TRUNC, 0x200 },
	{ O_APPEND, 0x400 },
	{ O_NONBLOCK, 0x800 },
	{ O_DIRECT, 0x4000 },
	{ O_DIRECTORY, 0x10000 },
	{ O_NOFOLLOW, 0x20000 },
	{ O_CLOEXEC, 0x80000 },
	{ O_SYNC, 0x101000 },
};
#define OPEN_PAIRS (sizeof open_map / sizeof open_map[0])

int linux_open_flags(int flags)
{
	int out = flags & O_ACCMODE;

	for (unsigned i = 0; i < OPEN_PAIRS; i++)
		if (flags & open_map[i].newlib)
			out |= open_map[i].linux_;
	return out;
}

int linux_open_flags_back(int flags)
{
	int out = flags & O_ACCMODE;

	for (unsigned i = 0; i < OPEN_PAIRS; i++)
		if ((flags & open_map[i].linux_) == open_map[i].linux_)
			out |= open_map[i].newlib;
	return out;
}

// AT_REMOVEDIR and AT_EACCESS are the same bit to Linux; which one is meant
// follows from the call.
int linux_at_flags(int flags)
{
	return (flags & AT_SYMLINK_NOFOLLOW ? 0x100 : 0) |
	       (flags & (AT_REMOVEDIR | AT_EACCESS) ? 0x200 : 0) |
	       (flags & AT_SYMLINK_FOLLOW ? 0x400 : 0) |
	       (flags & 16 ? 0x1000 : 0); // AT_EMPTY_PATH, GNU's
}

int linux_dirfd(int fd)
{
	return fd == AT_FDCWD ? -100 : fd;
}

// newlib's dev_t and ino_t have 16 bits: what does not fit is cut.
void linux_stat_back(const struct linux_stat *from, struct stat *to)
{
	memset(to, 0, sizeof *to);
	to->st_dev = from->dev;
	to->st_ino = from->ino;
	to->st_mode = from->mode;
	to->st_nlink = from->nlink;
	to->st_uid = from->uid;
	to->st_gid = from->gid;
	to->st_rdev = from->rdev;
	to->st_size = from->size;
	to->st_blksize = from->blksize;
	to->st_blocks = from->blocks;
	to->st_atim = (struct timespec){ from->atime, from->atime_ns };
	to->st_mtim = (struct timespec){ from->mtime, from->mtime_ns };
	to->st_ctim = (struct timespec){ from->ctime, from->ctime_ns };
}
