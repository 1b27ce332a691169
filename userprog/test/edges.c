// The edges of the calls on files, as claims: what each must answer, with
// Linux's numbers and errors.  /edge is made by the test: see test_files.py.
#include "linux.h"
#include <stdio.h>
#include <string.h>

#define SYS(nr, a, b, c, d) linux_call(nr, ARG(a), ARG(b), ARG(c), ARG(d), 0)

enum {
	GETCWD = 17,
	DUP = 23,
	DUP3 = 24,
	FCNTL = 25,
	IOCTL = 29,
	MKDIRAT = 34,
	UNLINKAT = 35,
	FACCESSAT = 48,
	CHDIR = 49,
	FCHDIR = 50,
	OPENAT = 56,
	CLOSE = 57,
	GETDENTS = 61,
	LSEEK = 62,
	READ = 63,
	WRITE = 64,
	READV = 65,
	WRITEV = 66,
	PREAD = 67,
	READLINKAT = 78,
	FSTATAT = 79,
	FSTAT = 80,
	UMASK = 166,
	GETRANDOM = 278,
	OLD_OPEN = 1024,
	OLD_STAT = 1038,
	OLD_TIME = 1062,
};
enum {
	ENOENT = 2,
	EBADF = 9,
	EACCES = 13,
	EFAULT = 14,
	EEXIST = 17,
	ENOTDIR = 20,
	EISDIR = 21,
	EINVAL = 22,
	EMFILE = 24,
	ENOTTY = 25,
	ENOSPC = 28,
	ESPIPE = 29,
	EROFS = 30,
	ERANGE = 34,
	ENAMETOOLONG = 36,
	ELOOP = 40,
};
enum {
	AT = -100,
	DIRECTORY = 0200000,
	NOFOLLOW = 0400000,
	CREAT = 0100,
	EXCL = 0200,
	CLOEXEC = 02000000,
	NONBLOCK = 04000,
	O_PATH = 010000000,
};

static int claims, failures;

static void claim(const char *what, long got, long want)
{
	claims++;
	if (got == want)
		return;
	failures++;
	printf("%s: %ld, not %ld\n", what, got, want);
}

#define IS(want, nr, a, b, c, d) \
	claim(#nr " " #a " " #b " " #c " " #d, SYS(nr, a, b, c, d), want)

static char buffer[9000];
int main(void);

static void paths(void)
{
	static char name[300], path[5000];

	memset(name, 'x', 256);
	memset(path, '/', 4200);
	IS(-ENAMETOOLONG, OPENAT, AT, name, 0, 0);
	IS(-ENAMETOOLONG, OPENAT, AT, path, 0, 0);
	name[255] = path[4095] = 0;
	IS(-ENOENT, OPENAT, AT, name, 0, 0);
	IS(0, CHDIR, path, 0, 0, 0);
	IS(-ENOENT, OPENAT, AT, "", 0, 0);
	IS(-EFAULT, OPENAT, AT, 0, 0, 0);
	IS(-EFAULT, OPENAT, AT, 0x80000000, 0, 0);
	IS(-EBADF, OPENAT, 50, "edge", 0, 0);
	IS(3, OPENAT, 50, "/edge/text", 0, 0);
	IS(-ENOTDIR, OPENAT, 3, "below", 0, 0);
	IS(-ENOTDIR, OPENAT, AT, "/edge/text/", 0, 0);
	IS(-ENOTDIR, OPENAT, AT, "/edge/text/.", 0, 0);
	IS(-ENOTDIR, OPENAT, AT, "/edge/text/..", 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, OPENAT, AT, "//edge/./../edge//text", 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, OPENAT, AT, "/../../edge/", DIRECTORY, 0);
	IS(4, OPENAT, 3, "text", 0, 0);
	IS(0, CLOSE, 4, 0, 0, 0);
	IS(-EFAULT, FSTATAT, 3, "text", 0, 0);
	IS(0, FSTATAT, 3, "", buffer, 0x1000);
	IS(-ENOENT, FSTATAT, 3, "", buffer, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
}

// 40 links are followed, not one more; see the test for what is there.
static void links(void)
{
	IS(3, OPENAT, AT, "/edge/l39", 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(-ELOOP, OPENAT, AT, "/edge/l40", 0, 0);
	IS(-ELOOP, OPENAT, AT, "/edge/loop", 0, 0);
	IS(-ELOOP, OPENAT, AT, "/edge/loop/x", 0, 0);
	IS(-ELOOP, OPENAT, AT, "/edge/l0", NOFOLLOW, 0);
	IS(-ENOENT, OPENAT, AT, "/edge/dangling", 0, 0);
	IS(-EROFS, OPENAT, AT, "/edge/dangling", CREAT, 0);
	IS(3, OPENAT, AT, "/edge/up/edge/absolute", 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(4, READLINKAT, AT, "/edge/l0", buffer, 4096);
	claim("the target", memcmp(buffer, "text", 4), 0);
	IS(2, READLINKAT, AT, "/edge/l0", buffer, 2);
	IS(-EINVAL, READLINKAT, AT, "/edge/l0", buffer, 0);
	IS(-EINVAL, READLINKAT, AT, "/edge/text", buffer, 10);
	IS(-EFAULT, READLINKAT, AT, "/edge/l0", main, 10);
	IS(0, FSTATAT, AT, "/edge/dangling", buffer, 0x100);
	IS(-ENOENT, FSTATAT, AT, "/edge/dangling", buffer, 0);
}

static void reading(void)
{
	struct {
		void *at;
		long size;
	} parts[] = { { buffer, 3 }, { 0, 0 }, { buffer + 100, 4 } };

	IS(3, OPENAT, AT, "/edge/text", 0, 0); // 5,000 bytes
	IS(5000, READ, 3, buffer, 9000, 0);
	IS(0, READ, 3, buffer, 9000, 0);
	IS(-EFAULT, READ, 3, 0, 1, 0);
	IS(0, LSEEK, 3, 0, 0, 0);
	IS(0, READ, 3, 0, 0, 0);
	IS(-EFAULT, READ, 3, main, 10, 0); // one's own text
	IS(-EFAULT, READ, 3, 0x80000000, 10, 0);
	IS(-EFAULT, READ, 3, 0x2004000, 10, 0); // the CLINT
	IS(-EFAULT, READ, 3, -8L, 10, 0);
	IS(-EINVAL, READ, 3, buffer, -1L, 0);
	IS(-EFAULT, READ, 3, 0x8000000000000000, 10, 0);
	claim("and nothing was read", SYS(LSEEK, 3, 0, 1, 0), 0);
	IS(7, READV, 3, parts, 3, 0);
	IS(0, READV, 3, parts, 0, 0);
	IS(-EINVAL, READV, 3, parts, 1025, 0);
	IS(-EINVAL, READV, 3, parts, -1L, 0);
	IS(-EFAULT, READV, 3, 0, 1, 0);
	parts[2].at = main;
	IS(-EFAULT, READV, 3, parts, 3, 0);
	parts[2].size = -1;
	IS(-EINVAL, READV, 3, parts, 3, 0);
	claim("nor by pieces", SYS(LSEEK, 3, 0, 1, 0), 7);
	IS(10, PREAD, 3, buffer, 10, 4990);
	IS(5, PREAD, 3, buffer, 10, 4995);
	IS(0, PREAD, 3, buffer, 10, 5000);
	IS(-EINVAL, PREAD, 3, buffer, 10, -1L);
	IS(-EBADF, WRITE, 3, buffer, 1, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(-EBADF, CLOSE, 3, 0, 0, 0);
}

static void seeking(void)
{
	IS(3, OPENAT, AT, "/edge/text", 0, 0);
	IS(-EINVAL, LSEEK, 3, -1L, 0, 0);
	IS(5001, LSEEK, 3, 1, 2, 0);
	IS(-EINVAL, LSEEK, 3, 0x7fffffffffffffff, 1, 0);
	IS(-EINVAL, LSEEK, 3, 0, 5, 0);
	IS(10, LSEEK, 3, 10, 3, 0); // data
	IS(5000, LSEEK, 3, 10, 4, 0); // hole
	IS(-6, LSEEK, 3, 5000, 3, 0);
	IS(-ESPIPE, LSEEK, 0, 0, 0, 0);
	IS(-ESPIPE, PREAD, 0, buffer, 1, 0);
	IS(-EBADF, LSEEK, 9, 0, 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, OPENAT, AT, "/edge", 0, 0);
	IS(-EISDIR, READ, 3, buffer, 1, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
}

static void descriptors(void)
{
	IS(3, OPENAT, AT, "/dev/null", CLOEXEC, 0);
	IS(1, FCNTL, 3, 1, 0, 0);
	IS(4, DUP, 3, 0, 0, 0);
	IS(0, FCNTL, 4, 1, 0, 0);
	IS(0, FCNTL, 4, 2, 1, 0);
	IS(1, FCNTL, 4, 1, 0, 0);
	IS(100, FCNTL, 3, 0, 100, 0);
	IS(101, FCNTL, 3, 1030, 100, 0);
	IS(1, FCNTL, 101, 1, 0, 0);
	IS(-EINVAL, FCNTL, 3, 0, 1024, 0);
	IS(-EINVAL, FCNTL, 3, 0, -1L, 0);
	IS(1023, DUP3, 3, 1023, 0, 0);
	IS(-EBADF, DUP3, 3, 1024, 0, 0);
	IS(-EINVAL, DUP3, 3, 3, 0, 0);
	IS(-EINVAL, DUP3, 3, 5, 1, 0);
	IS(-EBADF, DUP3, 77, 5, 0, 0);
	IS(4, DUP3, 3, 4, CLOEXEC, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, DUP, 4, 0, 0, 0);
	for (long fd = 5; fd < 1023; fd++)
		if (fd != 100 && fd != 101)
			claim("all descriptors", SYS(DUP, 3, 0, 0, 0), fd);
	IS(-EMFILE, DUP, 3, 0, 0, 0);
	IS(-EMFILE, OPENAT, AT, "/edge", 0, 0);
	IS(-EMFILE, FCNTL, 3, 0, 1000, 0);
	for (long fd = 3; fd < 1024; fd++)
		claim("all closed", SYS(CLOSE, fd, 0, 0, 0), 0);
	IS(-EBADF, FCNTL, 3, 1, 0, 0);
}

static void opening(void)
{
	IS(-EISDIR, OPENAT, AT, "/edge", 1, 0);
	IS(-EISDIR, OPENAT, AT, "/edge", CREAT, 0);
	IS(-EROFS, OPENAT, AT, "/edge/text", 2, 0);
	IS(-EROFS, OPENAT, AT, "/edge/new", CREAT | 1, 0644);
	IS(-EEXIST, OPENAT, AT, "/edge/text", CREAT | EXCL, 0);
	IS(-EEXIST, OPENAT, AT, "/edge/dangling", CREAT | EXCL, 0);
	IS(-ENOTDIR, OPENAT, AT, "/edge/text", DIRECTORY, 0);
	IS(3, OPENAT, AT, "/edge/text", O_PATH, 0);
	IS(-EBADF, READ, 3, buffer, 1, 0);
	IS(0, FSTAT, 3, buffer, 0, 0);
	IS(-ENOTDIR, FCHDIR, 3, 0, 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(-EEXIST, MKDIRAT, AT, "/edge", 0755, 0);
	IS(-EEXIST, MKDIRAT, AT, "/", 0755, 0);
	IS(-EROFS, MKDIRAT, AT, "/edge/new", 0755, 0);
	IS(-ENOENT, MKDIRAT, AT, "/none/new", 0755, 0);
	IS(-ENOTDIR, MKDIRAT, AT, "/edge/text/new", 0755, 0);
	IS(-EROFS, UNLINKAT, AT, "/edge/text", 0, 0);
	IS(-EISDIR, UNLINKAT, AT, "/edge", 0, 0);
	IS(-ENOTDIR, UNLINKAT, AT, "/edge/text", 0x200, 0);
	IS(-ENOENT, UNLINKAT, AT, "/edge/none", 0, 0);
	IS(0, FACCESSAT, AT, "/edge/text", 4, 0);
	IS(-EACCES, FACCESSAT, AT, "/edge/text", 1, 0);
	IS(0, FACCESSAT, AT, "/bin/sh", 1, 0);
	IS(-EROFS, FACCESSAT, AT, "/edge/text", 2, 0);
	IS(0, FACCESSAT, AT, "/dev/null", 6, 0);
	IS(-EINVAL, FACCESSAT, AT, "/edge/text", 8, 0);
}

static void directories(void)
{
	long n, many = 0;

	IS(3, OPENAT, AT, "/edge/many", DIRECTORY, 0); // 300 names
	IS(-EINVAL, GETDENTS, 3, buffer, 20, 0);
	IS(-EFAULT, GETDENTS, 3, main, 4096, 0);
	IS(24, GETDENTS, 3, buffer, 24, 0);
	IS(24, GETDENTS, 3, buffer, 40, 0);
	while ((n = SYS(GETDENTS, 3, buffer, 100, 0)) > 0)
		for (long at = 0; at < n; at += *(short *)(buffer + at + 16))
			many++;
	claim("the end of a directory", n, 0);
	claim("all names but . and ..", many, 300);
	IS(0, LSEEK, 3, 0, 0, 0);
	IS(24, GETDENTS, 3, buffer, 24, 0);
	IS(0, FCHDIR, 3, 0, 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(11, GETCWD, buffer, 11, 0, 0);
	claim("its name", strcmp(buffer, "/edge/many"), 0);
	IS(-ERANGE, GETCWD, buffer, 10, 0, 0);
	IS(-EFAULT, GETCWD, main, 100, 0, 0);
	IS(0, CHDIR, "../up/proc/1", 0, 0, 0);
	IS(8, GETCWD, buffer, 100, 0, 0);
	IS(0, CHDIR, "..", 0, 0, 0);
	IS(6, GETCWD, buffer, 100, 0, 0);
	IS(0, CHDIR, "../..", 0, 0, 0);
	IS(2, GETCWD, buffer, 100, 0, 0);
	IS(-ENOTDIR, CHDIR, "/edge/text", 0, 0, 0);
	IS(3, OPENAT, AT, "/edge/text", 0, 0);
	IS(-ENOTDIR, GETDENTS, 3, buffer, 100, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
}

static void devices(void)
{
	IS(3, OPENAT, AT, "/dev/full", 2, 0);
	IS(-ENOSPC, WRITE, 3, buffer, 1, 0);
	IS(9, READ, 3, buffer, 9, 0);
	IS(-ENOTTY, IOCTL, 3, 0x5401, buffer, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, OPENAT, AT, "/dev/zero", 2, 0);
	IS(-EFAULT, READ, 3, main, 1, 0);
	IS(9000, WRITE, 3, buffer, 9000, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3, OPENAT, AT, "/dev/urandom", 2, 0);
	IS(9000, READ, 3, buffer, 9000, 0);
	IS(-EFAULT, READ, 3, 0, 1, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(3000, GETRANDOM, buffer, 3000, 0, 0);
	IS(-EFAULT, GETRANDOM, 0, 3000, 0, 0);
	IS(-EINVAL, GETRANDOM, buffer, 1, 64, 0);
	IS(-EFAULT, WRITE, 1, 0, 1, 0);
	IS(-EFAULT, IOCTL, 0, 0x5401, main, 0);
	IS(-EFAULT, IOCTL, 0, 0x5402, 0, 0);
	IS(-ENOTTY, IOCTL, 0, 0x1234, 0, 0);
	IS(18, UMASK, 0777, 0, 0, 0);
	IS(0777, UMASK, 022, 0, 0, 0);
}

// newlib's own numbers, with newlib's flags.
static void legacy(void)
{
	long seconds = 0;

	IS(3, OLD_OPEN, "/edge/text", 0, 0, 0);
	IS(0, CLOSE, 3, 0, 0, 0);
	IS(-EROFS, OLD_OPEN, "/edge/new", 0x601, 0666, 0);
	IS(-EEXIST, OLD_OPEN, "/edge/text", 0xa01, 0666, 0);
	IS(-EROFS, 1026, "/edge/text", 0, 0, 0);
	IS(-EEXIST, 1030, "/edge", 0755, 0, 0);
	IS(-EEXIST, 1025, "/edge/text", "/edge/up", 0, 0);
	IS(0, 1033, "/edge/text", 4, 0, 0);
	IS(0, OLD_STAT, "/edge/text", buffer, 0, 0);
	claim("the size", *(long *)(buffer + 48), 5000);
	IS(0, 1039, "/edge/dangling", buffer, 0, 0);
	claim("a link", *(int *)(buffer + 16) & 0170000, 0120000);
	claim("time", SYS(OLD_TIME, &seconds, 0, 0, 0) - seconds, 0);
	claim("later than 2020", seconds > 1577836800, 1);
}

int main(void)
{
	paths();
	links();
	reading();
	seeking();
	descriptors();
	opening();
	directories();
	devices();
	legacy();
	printf("%d claims, %d do not hold\n", claims, failures);
	return failures != 0;
}
