// statx(): the same as stat(), whatever is asked for.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HERE (-100) // AT_FDCWD, of which newlib has its own idea
#define NOFOLLOW 0x100
#define EMPTY 0x1000
#define STATX 291

// Linux's struct statx, by the names of struct stat where it has them.
struct record {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, spare;
	uint64_t ino, size, blocks, attributes_mask;
	struct {
		int64_t seconds;
		uint32_t nanoseconds;
		int32_t reserved;
	} atime, born, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t more[14];
};

static struct record x;

static void show(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
}

static long ask(int fd, const char *path, int flags)
{
	memset(&x, 0xff, sizeof x);
	return syscall(STATX, fd, path, flags, 0x7ff, &x);
}

static void compare(const char *what, const struct stat *st)
{
	printf("%s: %o, %d links; the same: %d %d %d %d %d %d %d %d\n", what,
	       x.mode & 0170000u, (int)x.links, x.mode == st->st_mode,
	       x.links == st->st_nlink,
	       (uint16_t)x.ino == (uint16_t)st->st_ino, // newlib has no more
	       x.size == (uint64_t)st->st_size,
	       x.blocks == (uint64_t)st->st_blocks,
	       x.mtime.seconds == st->st_mtime,
	       x.ctime.seconds == st->st_ctime,
	       (x.mask & 0x7ff) == 0x7ff);
}

int main(void)
{
	struct stat st;
	char path[64], link[80];
	int fd;

	snprintf(path, sizeof path, "/tmp/statxs.%d", (int)getpid());
	snprintf(link, sizeof link, "%s.link", path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0640);
	show("write", write(fd, path, 10));
	show("link", symlink(path, link));
	show("a file", ask(HERE, path, 0));
	stat(path, &st);
	compare("a file", &st);
	show("a link", ask(HERE, link, NOFOLLOW));
	lstat(link, &st);
	compare("a link", &st);
	show("through it", ask(HERE, link, 0));
	printf("size %d\n", (int)x.size);
	show("a descriptor", ask(fd, "", EMPTY));
	fstat(fd, &st);
	compare("a descriptor", &st);
	show("a device", ask(HERE, "/dev/null", 0));
	printf("%d %d\n", (int)x.rdev_major, (int)x.rdev_minor);
	show("a directory", ask(HERE, "/", 0));
	show("none", ask(HERE, "/none", 0));
	show("an empty path", ask(fd, "", 0));
	show("unknown flag", ask(HERE, path, 0x20000));
	show("no descriptor", ask(77, "", EMPTY));
	show("nowhere to", syscall(STATX, HERE, path, 0, 0x7ff, 8));
	unlink(path);
	unlink(link);
	close(fd);
	return 0;
}
