// Files on a disk: ext2 with its journal, on the RAM disk.  /disk.img, which is
// there when tools/bench says so, is copied to /dev/ram0 and mounted.  What a
// figure has changed is on the disk before it is told: it pays for that.
#include "bench.h"
#include "linux.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

#define SYS_umount2 39
#define SYS_mount 40

#define PLACE "/tmp/disk"
#define PIECE 4096
#define MIB (1l << 20)
#define COLD (16 * MIB)
#define NAMES 20000

static char piece[PIECE];

static bool copy(const char *from, const char *to)
{
	static char buffer[8 * PIECE];
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT, 0755);
	ssize_t n = -1;

	if (in >= 0 && out >= 0)
		while ((n = read(in, buffer, sizeof buffer)) > 0)
			if (write(out, buffer, n) != n)
				break;
	close(in);
	close(out);
	return n == 0;
}

static bool mount_disk(void)
{
	return CALL5(SYS_mount, "/dev/ram0", PLACE, "ext3", 0, 0) == 0 &&
	       chdir(PLACE) == 0;
}

static bool unmount_disk(void)
{
	return chdir("/") == 0 && CALL2(SYS_umount2, PLACE, 0) == 0;
}

// Mounted once, when the first figure needs it; perhaps by a bench before.
static bool ready(const char *key)
{
	static bool done;

	if (!done && access("/disk.img", R_OK) < 0)
		return false; // not asked for
	if (!done && access(PLACE "/lost+found", F_OK) == 0)
		done = chdir(PLACE) == 0;
	else if (!done)
		done = copy("/disk.img", "/dev/ram0") &&
		       mkdir(PLACE, 0755) == 0 && mount_disk();
	if (!done)
		trouble(key);
	return done;
}

// Instructions for so many bytes, written in pieces, and lasting; 0: trouble.
static unsigned long write_file(const char *name, long size)
{
	unsigned long start = instructions();
	int fd = open(name, O_WRONLY | O_CREAT, 0644);
	long done = 0;

	while (done < size && write(fd, piece, PIECE) == PIECE)
		done += PIECE;
	if (fsync(fd) < 0)
		done = 0;
	close(fd);
	return done == size ? instructions() - start : 0;
}

// Nothing of it is left to be done when the next figure is taken: its blocks
// are freed after its name is gone.
static void drop_file(const char *name)
{
	const struct timespec moment = { 0, 50000000 };

	unlink(name);
	nanosleep(&moment, NULL);
	sync();
}

static void tell(const char *key, unsigned long count, unsigned long share)
{
	if (count)
		result(key, count / share);
	else
		trouble(key);
}

// ---- bytes -----------------------------------------------------------------

void write_new_kib(const char *key)
{
	if (!ready(key))
		return;
	tell(key, write_file("new", 4 * MIB), 4 * MIB / 1024);
	drop_file("new");
}

void overwrite_kib(const char *key)
{
	if (!ready(key))
		return;
	write_file("old", 4 * MIB);
	tell(key, write_file("old", 4 * MIB), 4 * MIB / 1024);
	drop_file("old");
}

// Reads all of it in pieces; 0: trouble.
static unsigned long read_all(const char *name, long size)
{
	int fd = open(name, O_RDONLY);
	unsigned long start = instructions(), count;

	while (size > 0 && read(fd, piece, PIECE) == PIECE)
		size -= PIECE;
	count = instructions() - start;
	close(fd);
	return size == 0 ? count : 0;
}

void read_kib(const char *key)
{
	const int rounds = 20;
	unsigned long count = 0;

	if (!ready(key))
		return;
	write_file("read", MIB);
	for (int i = 0; i < rounds; i++)
		count += read_all("read", MIB);
	tell(key, count, rounds * MIB / 1024);
	drop_file("read");
}

// The fourth number of its line: reads that the disk saw.
static unsigned long disk_reads(void)
{
	static char text[1024];
	char *at;

	if (read_file("/proc/diskstats", text, sizeof text) < 0)
		return 0;
	at = strstr(text, "ram0 ");
	return at ? strtoul(at + 5, NULL, 10) : 0;
}

// Nothing of it is in memory after a mount.
void cold_read(const char *key)
{
	unsigned long before, count;

	if (!ready(key))
		return;
	write_file("cold", COLD);
	if (!unmount_disk() || !mount_disk()) {
		trouble(key);
		return;
	}
	before = disk_reads();
	count = read_all("cold", COLD);
	result("cold_read_requests", disk_reads() - before);
	tell("cold_read_kib", count, COLD / 1024);
	drop_file("cold");
}

// ---- names -----------------------------------------------------------------

void create_unlink(const char *key)
{
	const int rounds = 1000;
	unsigned long start;
	bool good = true;

	if (!ready(key))
		return;
	start = instructions();
	for (int i = 0; i < rounds && good; i++) {
		int fd = open("empty", O_WRONLY | O_CREAT | O_EXCL, 0644);

		good = fd >= 0 && close(fd) == 0 && unlink("empty") == 0;
	}
	sync();
	tell(key, good ? instructions() - start : 0, rounds);
}

void open_close(const char *key)
{
	const int rounds = 1000;
	unsigned long start;
	bool good = true;

	if (!ready(key))
		return;
	mkdir("one", 0755);
	mkdir("one/two", 0755);
	mkdir("one/two/three", 0755);
	write_file("one/two/three/four", PIECE);
	start = instructions();
	for (int i = 0; i < rounds && good; i++) {
		int fd = open("one/two/three/four", O_RDONLY);

		good = fd >= 0 && close(fd) == 0;
	}
	tell(key, good ? instructions() - start : 0, rounds);
}

// One directory with many names; instructions for one of them.
static bool make_name(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);

	return fd >= 0 && close(fd) == 0;
}

static bool find_name(const char *name)
{
	return access(name, F_OK) == 0;
}

static bool drop_name(const char *name)
{
	return unlink(name) == 0;
}

// In another order than that in which they lie.
static void each_name(const char *key, bool (*act)(const char *name), int step)
{
	unsigned long start = instructions();
	bool good = true;

	for (long i = 0, n = 0; i < NAMES && good; i++) {
		char name[24];

		format(name, sizeof name, "name%ld", n);
		good = act(name);
		n = (n + step) % NAMES;
	}
	sync();
	tell(key, good ? instructions() - start : 0, NAMES);
}

void many_names(const char *key)
{
	if (!ready(key))
		return;
	if (mkdir("many", 0755) < 0 || chdir("many") < 0) {
		trouble(key);
		return;
	}
	each_name("names_create", make_name, 1);
	each_name("names_find", find_name, 7919);
	each_name("names_unlink", drop_name, 7907);
	chdir(PLACE);
	rmdir("many");
}

// ---- programs --------------------------------------------------------------

void fork_exec_wait_disk(const char *key)
{
	static char *const argv[] = { "hundred", NULL };
	const int rounds = 100;
	unsigned long start = 0;
	bool good = ready(key);

	if (!good)
		return;
	good = copy("/test/hundred", "hundred");
	for (int i = -1; i < rounds && good; i++) { // one to have it in memory
		int ended = -1;
		pid_t pid = fork();

		if (pid == 0) {
			execve("hundred", argv, argv + 1);
			_exit(1);
		}
		good = pid > 0 && waitpid(pid, &ended, 0) == pid && ended == 0;
		if (i < 0)
			start = instructions();
	}
	tell(key, good ? instructions() - start : 0, rounds);
}
