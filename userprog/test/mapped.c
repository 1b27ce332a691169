// Mappings of files: who sees what, what is a signal, what reaches the file;
// and mremap(), msync(), madvise().
//   mapped [DIRECTORY]
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define RW (PROT_READ | PROT_WRITE)

static char path[128];
static char text[8 * 4096];

static void show(const char *what, long result)
{
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

// A new file with so many bytes of one kind.
static int file(int byte, long size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	memset(text, byte, size);
	if (write(fd, text, size) != size)
		show("write", -1);
	return fd;
}

static char *shared(int fd, long pages)
{
	return mmap(NULL, pages * PAGE, RW, MAP_SHARED, fd, 0);
}

// How a child fares that reads or writes there: 0 or the signal.
static int touch(volatile char *at, int write)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		if (write)
			*at = 1;
		else
			(void)*at;
		_exit(0);
	}
	wait(&status);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static int at(int fd, long offset)
{
	unsigned char byte;

	return pread(fd, &byte, 1, offset) == 1 ? byte : -1;
}

static long length(int fd)
{
	return lseek(fd, 0, SEEK_END);
}

// ---- coherence --------------------------------------------------------------

static void both_ways(void)
{
	int fd = file('a', 2 * PAGE);
	char *one = shared(fd, 2), *two = shared(fd, 2);

	one[5] = 'b';
	pwrite(fd, "c", 1, PAGE + 5);
	printf("seen: %c %c %c %c\n", two[5], at(fd, 5), one[PAGE + 5],
	       two[PAGE + 5]);
	fsync(fd);
	one[5] = 'd';                    // after it was written back
	printf("again: %c %c\n", two[5], at(fd, 5));
	munmap(one, 2 * PAGE);
	two[6] = 'e';
	close(fd);
	munmap(two, 2 * PAGE);
	fd = open(path, O_RDONLY);
	printf("kept: %c %c\n", at(fd, 5), at(fd, 6));
	close(fd);
}

static void private_stays(void)
{
	int fd = file('a', 3 * PAGE);
	char *own = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0);

	own[0] = 'p';
	pwrite(fd, "f", 1, 0);
	pwrite(fd, "f", 1, 1);
	pwrite(fd, "f", 1, PAGE);
	printf("private: %c %c %c, file %c %c\n", own[0], own[1], own[PAGE],
	       at(fd, 0), at(fd, 1));
	munmap(own, 3 * PAGE);
	close(fd);
}

// What a child stores is its parent's file too, and the other way round.
static void families(void)
{
	int fd = file('a', PAGE);
	char *map = shared(fd, 1);

	map[1] = 'b';
	fsync(fd);
	fflush(stdout);
	if (fork() == 0) {
		map[0] = map[1] + 1;
		_exit(0);
	}
	wait(NULL);
	printf("family: %c %c\n", map[0], at(fd, 0));
	munmap(map, PAGE);
	close(fd);
}

// ---- the end of the file ----------------------------------------------------

static void behind_the_end(void)
{
	int fd = file('a', PAGE + 100);
	char *map = shared(fd, 4);

	printf("inside %d, last page %d, behind %d %d\n", touch(map, 1),
	       touch(map + PAGE + 4000, 0), touch(map + 2 * PAGE, 0),
	       touch(map + 2 * PAGE, 1));
	show("read to there", read(fd, map + 2 * PAGE, 0));
	lseek(fd, 0, SEEK_SET);
	show("read behind", read(fd, map + 2 * PAGE, 10));
	show("write from behind", pwrite(fd, map + 2 * PAGE, 10, 0));
	ftruncate(fd, 3 * PAGE);
	printf("longer: %d %d, zero %d\n", touch(map + 2 * PAGE, 1),
	       touch(map + 3 * PAGE, 0), map[PAGE + 200]);
	map[2 * PAGE + 7] = 'z';
	ftruncate(fd, PAGE + 50);
	printf("shorter: %d %d\n", touch(map + 2 * PAGE, 0), at(fd, PAGE + 60));
	ftruncate(fd, 3 * PAGE);
	printf("longer again: %d %d %d\n", map[PAGE + 60], map[2 * PAGE + 7],
	       at(fd, 2 * PAGE + 7));
	munmap(map, 4 * PAGE);
	close(fd);
}

// A private copy behind the new end goes as well.
static void cut_under_private(void)
{
	int fd = file('a', 3 * PAGE);
	char *own = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0);

	own[2 * PAGE] = 'p';
	own[0] = 'q';
	ftruncate(fd, PAGE);
	printf("cut: %d %d, kept %c\n", touch(own + 2 * PAGE, 0),
	       touch(own + PAGE, 1), own[0]);
	munmap(own, 3 * PAGE);
	close(fd);
}

static volatile sig_atomic_t code;

static void on_bus(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	code = info->si_code;
	mmap((void *)((long)info->si_addr & -PAGE), PAGE, RW,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

// The handler puts something there, and the store goes on.
static void bus_is_handled(void)
{
	struct sigaction action = { .sa_sigaction = on_bus,
		                    .sa_flags = SA_SIGINFO };
	int fd = file('a', PAGE);
	char *map = shared(fd, 2);

	sigaction(SIGBUS, &action, NULL);
	map[PAGE + 3] = 'h';
	printf("handled: code %d, %c, file %ld\n", (int)code, map[PAGE + 3],
	       length(fd));
	signal(SIGBUS, SIG_DFL);
	munmap(map, 2 * PAGE);
	close(fd);
}

// ---- rights -----------------------------------------------------------------

static void rights(void)
{
	int fd = file('a', PAGE), reader = open(path, O_RDONLY);
	int writer = open(path, O_WRONLY);
	char *map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);

	show("store asked for", mmap(NULL, PAGE, RW, MAP_SHARED, reader, 0) ==
	                                MAP_FAILED ? -1 : 0);
	show("no reading", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, writer, 0) ==
	                           MAP_FAILED ? -1 : 0);
	show("made writable", mprotect(map, PAGE, RW));
	munmap(map, PAGE);
	map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	show("made writable", mprotect(map, PAGE, RW));
	map[0] = 'w';
	printf("store: %c\n", at(reader, 0));
	mprotect(map, PAGE, PROT_READ);
	printf("read only: %d\n", touch(map, 1));
	munmap(map, PAGE);
	close(fd);
	close(reader);
	close(writer);
}

// ---- msync, madvise ---------------------------------------------------------

static void syncs(void)
{
	int fd = file('a', 2 * PAGE);
	char *map = shared(fd, 2), *hole;

	map[0] = 's';
	show("msync", msync(map, 2 * PAGE, MS_SYNC));
	map[0] = 't';
	show("msync later", msync(map, 2 * PAGE, MS_ASYNC | MS_INVALIDATE));
	show("msync nothing", msync(map, 0, MS_SYNC));
	show("msync both", msync(map, PAGE, MS_SYNC | MS_ASYNC));
	show("msync unknown", msync(map, PAGE, 64));
	show("msync unaligned", msync(map + 1, PAGE, MS_SYNC));
	hole = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(hole + PAGE, PAGE);
	show("msync a hole", msync(hole, 3 * PAGE, MS_SYNC));
	show("willneed", madvise(map, 2 * PAGE, MADV_WILLNEED));
	show("dontneed", madvise(map, 2 * PAGE, MADV_DONTNEED));
	show("unaligned advice", madvise(map + 1, PAGE, MADV_NORMAL));
	printf("still: %c %c\n", map[0], at(fd, 0));
	munmap(hole, PAGE);
	munmap(hole + 2 * PAGE, PAGE);
	munmap(map, 2 * PAGE);
	close(fd);
}

// ---- mremap -----------------------------------------------------------------

static char *anonymous(long pages)
{
	return mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void fails(const char *what, char *result)
{
	show(what, result == MAP_FAILED ? -1 : 0);
}

static void remap_errors(void)
{
	char *map = anonymous(2);

	fails("nothing there", mremap((void *)0x10000000, PAGE, PAGE, 0));
	fails("unaligned", mremap(map + 1, PAGE, PAGE, 0));
	fails("unknown flag", mremap(map, PAGE, PAGE, 64));
	fails("fixed alone", mremap(map, PAGE, PAGE, MREMAP_FIXED, map + PAGE));
	fails("onto itself", mremap(map, 2 * PAGE, 2 * PAGE,
	                            MREMAP_MAYMOVE | MREMAP_FIXED, map + PAGE));
	munmap(map, 2 * PAGE);
}

static void remaps(void)
{
	char *room = anonymous(200), *map, *moved;

	munmap(room + 100 * PAGE, 100 * PAGE);
	for (long i = 0; i < 100; i++)
		room[i * PAGE] = i;
	map = mremap(room, 100 * PAGE, 150 * PAGE, 0);
	printf("in place: %d, %d %d\n", map == room, room[99 * PAGE],
	       room[149 * PAGE]);
	map = mremap(room, 150 * PAGE, 80 * PAGE, 0);
	printf("shrunk: %d, %d, %d\n", map == room, room[79 * PAGE],
	       touch(room + 80 * PAGE, 0));
	mmap(room + 80 * PAGE, PAGE, RW,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	fails("no room", mremap(room, 80 * PAGE, 90 * PAGE, 0));
	moved = mremap(room, 80 * PAGE, 300 * PAGE, MREMAP_MAYMOVE);
	printf("moved: %d, %d %d %d, %d\n", moved != room, moved[0],
	       moved[79 * PAGE], moved[299 * PAGE], touch(room, 0));
	map = mremap(moved + 10 * PAGE, 20 * PAGE, 10 * PAGE,
	             MREMAP_MAYMOVE | MREMAP_FIXED, moved + 200 * PAGE);
	printf("from the middle: %d, %d %d, %d %d\n",
	       map == moved + 200 * PAGE, map[0], map[9 * PAGE],
	       touch(moved + 10 * PAGE, 0), moved[30 * PAGE]);
	munmap(moved, 300 * PAGE);
	munmap(room, 200 * PAGE);
}

static void remap_file(void)
{
	int fd = file('a', 3 * PAGE);
	char *map = shared(fd, 1), *more;

	map[0] = 'm';
	more = mremap(map, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	more[2 * PAGE] = 'n';
	printf("of a file: %c %c %c, %d\n", more[0], more[PAGE],
	       at(fd, 2 * PAGE), at(fd, 0));
	fsync(fd);
	more[0] = 'o';
	printf("stores go on: %c\n", at(fd, 0));
	ftruncate(fd, PAGE);
	printf("and end: %d\n", touch(more + PAGE, 0));
	munmap(more, 3 * PAGE);
	close(fd);
}

int main(int argc, char **argv)
{
	snprintf(path, sizeof path, "%s/mapped.%d",
	         argc == 2 ? argv[1] : "/tmp", (int)getpid());
	both_ways();
	private_stays();
	families();
	behind_the_end();
	cut_under_private();
	bus_is_handled();
	rights();
	syncs();
	remap_errors();
	remaps();
	remap_file();
	show("unlink", unlink(path));
	return 0;
}
