// What the calls on mappings answer where qemu-riscv64 is not like Linux, and
// what becomes of stores for which there is no room.
//   mapclaims DIRECTORY [full]        full: the file system may be filled
// It ends by comparing what memory there is with what there was.
#include "left.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define RW (PROT_READ | PROT_WRITE)

static int claims, failures;
static char path[128];

static void claim(const char *what, long got, long want)
{
	claims++;
	if (got == want)
		return;
	failures++;
	printf("%s: %ld, not %ld\n", what, got, want);
}

// 0, or what the call has failed with.
static int error(long result)
{
	return result == -1 ? errno : 0;
}

static void errors(void)
{
	char *map = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	                 0);
	char *end = map + 4 * PAGE;

	munmap(map + PAGE, PAGE);
	map[0] = map[2 * PAGE] = 1;
	claim("advise a hole", error(madvise(map, 3 * PAGE, MADV_DONTNEED)),
	      ENOMEM);
	claim("the rest is done", map[0] + map[2 * PAGE], 0);
	claim("unknown advice", error(madvise(map, PAGE, 99)), EINVAL);
	claim("beyond", error((long)mremap(map, 2 * PAGE, 3 * PAGE, 1)),
	      EFAULT);
	claim("size 0", error((long)mremap(map, PAGE, 0, 1)), EINVAL);
	claim("too large", error((long)mremap(map, PAGE, 1ul << 45, 1)),
	      ENOMEM);
	claim("in place only", error((long)mremap(end - PAGE, PAGE, 1ul << 37,
	                                          0)),
	      ENOMEM);
	munmap(map, 4 * PAGE);
}

static int new_file(long size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	claim("new file", fd < 0, 0);
	claim("size", ftruncate(fd, size), 0);
	return fd;
}

// Signal of a child that stores to so many pages from there on, from the last.
static int store(char *map, long pages)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		while (pages-- > 0)
			map[pages * PAGE] = 1;
		_exit(0);
	}
	wait(&status);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// Holes in a file get blocks as they are stored to; when there is none left,
// it is a signal, and what was stored before is kept.
static void no_room(void)
{
	int fd = new_file(1l << 33);
	char *map = mmap(NULL, 1l << 33, RW, MAP_SHARED, fd, 0);
	long kept = 0;

	claim("store without room", store(map, 1l << 21), SIGBUS);
	for (long at = 1l << 21; at-- > 0 && map[at * PAGE];)
		kept++;
	claim("some was stored", kept > 100, 1);
	claim("fsync", fsync(fd), 0);
	munmap(map, 1l << 33);
	claim("cut", ftruncate(fd, 0), 0);
	close(fd);
	fd = new_file(PAGE);
	map = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	claim("there is room again", store(map, 1), 0);
	munmap(map, PAGE);
	close(fd);
}

// Many who map the same page, when it is written back and when it goes.
static void crowd(void)
{
	int fd = new_file(PAGE);
	char *map = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	static char *more[2000];
	int count = 0, refused = 0;

	for (int i = 0; i < 2000; i++) {
		more[i] = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
		if (more[i] == MAP_FAILED) {
			refused = errno;
			break;
		}
		more[i][i] = 1;
		count++;
	}
	claim("there is a limit", refused, ENOMEM);
	claim("which is high", count > 900, 1);
	claim("fsync", fsync(fd), 0);
	for (int i = 0; i < count; i++)
		more[i][i] = 2;
	claim("all is seen", map[0] + map[count - 1], 4);
	claim("cut", ftruncate(fd, 0), 0);
	for (int i = 0; i < count; i++)
		munmap(more[i], PAGE);
	claim("nothing there", store(map, 1), SIGBUS);
	munmap(map, PAGE);
	close(fd);
}

// Ends with a mapping that was stored to: its pages are the file's.
static void forsaken(void)
{
	char byte = 0;
	int fd = new_file(20 * PAGE), status;

	if (fork() == 0) {
		char *map = mmap(NULL, 20 * PAGE, RW, MAP_SHARED, fd, 0);

		for (int i = 0; i < 20; i++)
			map[i * PAGE] = i;
		map = mremap(map, 20 * PAGE, 5000 * PAGE, MREMAP_MAYMOVE);
		raise(SIGKILL);
	}
	wait(&status);
	claim("is there", pread(fd, &byte, 1, 19 * PAGE), 1);
	claim("what was stored", byte, 19);
	close(fd);
}

static void run(int full)
{
	errors();
	crowd();
	forsaken();
	if (full)
		no_room();
	unlink(path);
}

int main(int argc, char **argv)
{
	struct left before, missing;

	if (argc < 2)
		return 2;
	snprintf(path, sizeof path, "%s/mapclaims", argv[1]);
	run(argc > 2);
	before = left_now();
	run(argc > 2);
	missing = left_wait(&before);
	if (argc > 2) // a disk's cache keeps records of what it holds
		missing.heap = 0;
	printf("%d claims, %d do not hold\n", claims, failures);
	printf("missing: %ld pages, %ld bytes\n", missing.pages, missing.heap);
	return failures || !left_all(&missing);
}
