// A program linked by a stock riscv64-unknown-elf-gcc uses libgloss, which
// calls most things by Linux's numbers, and a few by its own, 1024 to 1062,
// with newlib's values for the flags of open().  This file translates them;
// nothing else in the kernel knows of newlib.
// (newlib 3.3.0: libgloss/riscv/machine/syscall.h and
// libc/include/sys/_default_fcntl.h)
#include "files/newlib.h"
#include "files/change.h"
#include "files/file.h"
#include "files/open.h"
#include "files/path.h"
#include "files/stat.h"
#include "machine/clock.h"
#include "process/user.h"

// newlib's flags besides the access mode, which is Linux's.
static const struct {
	uint32_t newlib, linux;
} flags[] = {
	{ 0x000008, O_APPEND },
	{ 0x000200, O_CREAT },
	{ 0x000400, O_TRUNC },
	{ 0x000800, O_EXCL },
	{ 0x002000, O_SYNC },
	{ 0x004000, O_NONBLOCK },
	{ 0x008000, O_NOCTTY },
	{ 0x040000, O_CLOEXEC },
	{ 0x080000, O_DIRECT },
	{ 0x100000, O_NOFOLLOW },
	{ 0x200000, O_DIRECTORY },
};

static uint32_t newlib_flags(uint32_t from)
{
	uint32_t to = from & O_ACCMODE;

	for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (from & flags[i].newlib)
			to |= flags[i].linux;
	return to;
}

static int64_t newlib_open(struct call *call)
{
	return open_at(call, AT_FDCWD, call->arg[0],
	               newlib_flags(call->arg[1]), call->arg[2]);
}

static int64_t newlib_link(struct call *call)
{
	return change_link(call->process, AT_FDCWD, call->arg[0], AT_FDCWD,
	                   call->arg[1], 0);
}

static int64_t newlib_unlink(struct call *call)
{
	return change_unlink(call->process, AT_FDCWD, call->arg[0], 0);
}

static int64_t newlib_mkdir(struct call *call)
{
	return change_mkdir(call->process, AT_FDCWD, call->arg[0],
	                    call->arg[1]);
}

static int64_t newlib_access(struct call *call)
{
	return access_at(call->process, AT_FDCWD, call->arg[0], call->arg[1],
	                 0);
}

// libgloss's struct kernel_stat is Linux's generic struct stat.
static int64_t newlib_stat(struct call *call)
{
	return stat_at(call->process, AT_FDCWD, call->arg[0], call->arg[1], 0);
}

static int64_t newlib_lstat(struct call *call)
{
	return stat_at(call->process, AT_FDCWD, call->arg[0], call->arg[1],
	               AT_SYMLINK_NOFOLLOW);
}

static int64_t newlib_time(struct call *call)
{
	int64_t seconds = clock_realtime() / NANOSECONDS, err = 0;

	if (call->arg[0])
		err = user_copy_out(call->process, call->arg[0], &seconds,
		                    sizeof seconds);
	return err ? err : seconds;
}

static const struct syscall rows[] = {
	SYSCALL(1024, newlib_open, newlib_open, "path flags int"),
	SYSCALL(1025, newlib_link, newlib_link, "path path"),
	SYSCALL(1026, newlib_unlink, newlib_unlink, "path"),
	SYSCALL(1030, newlib_mkdir, newlib_mkdir, "path int"),
	SYSCALL(1033, newlib_access, newlib_access, "path flags"),
	SYSCALL(1038, newlib_stat, newlib_stat, "path out:128"),
	SYSCALL(1039, newlib_lstat, newlib_lstat, "path out:128"),
	SYSCALL(1062, newlib_time, newlib_time, "out:8?"),
};

void newlib_init(void)
{
	SYSCALL_REGISTER(rows);
}
