// A file against a model in memory: random operations, from a seed, each looked
// at from all sides.
//   exercise DIRECTORY SEED OPERATIONS
//   exercise DIRECTORY         what is in the file now; removes it
// What is printed depends on the arguments alone, so it is the same wherever
// files are right.
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096L
#define MOST (256L << 10) // bytes of the file
#define LONGEST (40L << 10) // bytes of an operation
#define LOG 40 // operations that are told of after a failure

static char model[MOST], buffer[MOST];
static long size; // of the file
static int fd;
static char path[128];
static char *map; // all the file might be, shared
static long number; // of the operation
static char told[LOG][100];
static uint64_t state;

static uint64_t chance(uint64_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dul >> 16) % below;
}

static void tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(told[number % LOG], sizeof told[0], format, args);
	va_end(args);
}

static void fail(const char *what, long at)
{
	printf("wrong: %s at %ld, size %ld\n", what, at, size);
	for (long i = number < LOG ? 0 : number - LOG + 1; i <= number; i++)
		printf("%ld %s\n", i, told[i % LOG]);
	exit(1);
}

static void check(int right, const char *what)
{
	if (!right) {
		perror(what);
		fail(what, 0);
	}
}

static void same(const char *found, long at, long n, const char *what)
{
	for (long i = 0; i < n; i++)
		if (found[i] != model[at + i])
			fail(what, at + i);
}

// A hash of what is in the model.
static unsigned digest(void)
{
	unsigned hash = size;

	for (long i = 0; i < size; i++)
		hash = hash * 31 + (unsigned char)model[i];
	return hash;
}

static void fill(char *to, long n)
{
	uint64_t word = chance(~0ul);

	for (long i = 0; i < n; i++) {
		to[i] = word;
		word = word >> 8 | word << 56;
		word += i;
	}
}

// ---- operations on [at, at + n) ----

static void do_read(long at, long n)
{
	long left = at < size ? size - at : 0;

	tell("read %ld %ld", at, n);
	check(pread(fd, buffer, n, at) == (n < left ? n : left), "read");
	same(buffer, at, n < left ? n : left, "read");
}

static void do_write(long at, long n)
{
	tell("write %ld %ld", at, n);
	fill(buffer, n);
	check(pwrite(fd, buffer, n, at) == n, "write");
	memcpy(model + at, buffer, n);
	if (at + n > size)
		size = at + n;
}

static void do_truncate(long at, long n)
{
	long to = chance(2) ? at : at + n < size ? at + n : size;

	tell("truncate %ld", to);
	check(ftruncate(fd, to) == 0, "truncate");
	if (to < size)
		memset(model + to, 0, size - to);
	size = to;
}

// The longest part of [at, at + n) that the file has.
static long inside(long at, long n)
{
	if (at >= size)
		return 0;
	return n < size - at ? n : size - at;
}

static void do_load(long at, long n)
{
	n = inside(at, n);
	tell("load %ld %ld", at, n);
	same(map + at, at, n, "load");
}

static void do_store(long at, long n)
{
	n = inside(at, n);
	tell("store %ld %ld", at, n);
	fill(model + at, n);
	memcpy(map + at, model + at, n);
}

// A mapping of its own, shared or private; what is stored to a private one is
// nobody else's.
static void do_map(long at, long n, int private)
{
	long start = at & ~(PAGE - 1);
	int prot = PROT_READ | PROT_WRITE;
	char *own;

	n = inside(at, n);
	tell("map%s %ld %ld", private ? " private" : "", at, n);
	if (n == 0)
		return;
	own = mmap(NULL, at + n - start, prot,
	           private ? MAP_PRIVATE : MAP_SHARED, fd, start);
	check(own != MAP_FAILED, "mmap");
	same(own + at - start, at, n, "mapped");
	fill(buffer, n);
	memcpy(own + at - start, buffer, n);
	if (!private)
		memcpy(model + at, buffer, n);
	if (chance(2))
		check(msync(own, at + n - start, MS_SYNC) == 0, "msync");
	check(munmap(own, at + n - start) == 0, "munmap");
}

static void do_shared(long at, long n)
{
	do_map(at, n, 0);
}

static void do_private(long at, long n)
{
	do_map(at, n, 1);
}

// From a mapping of the file into the file, and the other way round.
static void do_copy(long at, long n)
{
	long from = chance(MOST);

	n = inside(from, n);
	if (n > MOST - at)
		n = MOST - at;
	if (at < from + n && from < at + n)
		n = 0;
	tell("copy %ld %ld %ld", from, at, n);
	check(pwrite(fd, map + from, n, at) == n, "copy");
	memmove(model + at, model + from, n);
	if (n && at + n > size)
		size = at + n;
}

static void do_fetch(long at, long n)
{
	long from = chance(MOST);

	n = inside(at, n);
	n = inside(from, n);
	if (at < from + n && from < at + n)
		n = 0;
	tell("fetch %ld %ld %ld", from, at, n);
	check(pread(fd, map + at, n, from) == n, "fetch");
	memmove(model + at, model + from, n);
}

static void map_all(void)
{
	map = mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	check(map != MAP_FAILED, "mmap of all");
}

static void do_again(long at, long n)
{
	int mapped = (at ^ n) & 1;

	tell("%s", mapped ? "open again" : "open and map again");
	if (!mapped)
		check(munmap(map, MOST) == 0, "munmap of all");
	check(close(fd) == 0, "close");
	fd = open(path, O_RDWR);
	check(fd >= 0, "open");
	if (!mapped)
		map_all();
}

static void do_sync(long at, long n)
{
	long start = at & ~(PAGE - 1);

	switch (chance(5)) {
	case 0:
		tell("fsync");
		check(fsync(fd) == 0, "fsync");
		break;
	case 1:
		tell("fdatasync");
		check(fdatasync(fd) == 0, "fdatasync");
		break;
	case 2:
		tell("msync %ld %ld", start, n);
		check(msync(map + start, n, MS_SYNC) == 0, "msync");
		break;
	case 3:
		tell("msync async %ld %ld", start, n);
		check(msync(map + start, n, MS_ASYNC) == 0, "msync");
		break;
	default:
		tell("forget %ld %ld", start, n);
		check(madvise(map + start, n, MADV_DONTNEED) == 0, "madvise");
	}
}

static void look(void)
{
	struct stat st;

	check(fstat(fd, &st) == 0, "stat");
	if (st.st_size != size)
		fail("size", st.st_size);
	check(pread(fd, buffer, MOST, 0) == size, "read of all");
	same(buffer, 0, size, "all");
	same(map, 0, size, "all of the map");
}

static const struct {
	unsigned weight; // of 6
	void (*operation)(long at, long n);
} kinds[] = {
	{ 6, do_read },  { 5, do_write }, { 4, do_load },    { 5, do_store },
	{ 2, do_copy },  { 1, do_fetch }, { 1, do_truncate }, { 2, do_shared },
	{ 2, do_private }, { 2, do_sync }, { 1, do_again },
};

static void operate(void)
{
	long at = chance(MOST), n = 1 + chance(LONGEST);
	int kind;

	if (chance(3) == 0)
		at &= ~(PAGE - 1);
	if (chance(4) == 0)
		n = 1 + chance(100);
	n = n < MOST - at ? n : MOST - at;
	do {
		kind = chance(sizeof kinds / sizeof kinds[0]);
	} while (chance(6) >= kinds[kind].weight);
	kinds[kind].operation(at, n);
}

// Stores before and after a write-back, with nothing else that would tell the
// kernel that the page has changed.
static void store_again(void)
{
	for (int round = 0; round < 2; round++) {
		for (long i = 0; i < size; i += PAGE)
			map[i] = model[i] = i / PAGE + round;
		check(round || fsync(fd) == 0, "fsync");
	}
}

static void exercise(long operations)
{
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0644);
	check(fd >= 0, "create");
	map_all();
	for (number = 0; number < operations; number++) {
		operate();
		if (number % 500 == 499)
			look();
		if (number % (operations / 10) == 0)
			printf("%ld: %ld bytes, %08x\n", number, size,
			       digest());
	}
	look();
	store_again();
	munmap(map, MOST);
	close(fd);
	// Once more from the outside, with nobody who has it mapped.
	fd = open(path, O_RDONLY);
	check(pread(fd, buffer, MOST, 0) == size, "read in the end");
	same(buffer, 0, size, "in the end");
	close(fd);
	printf("end: %ld bytes, %08x\n", size, digest());
}

// The file that was left, as the disk has it.
static int found(void)
{
	fd = open(path, O_RDONLY);
	check(fd >= 0, "open");
	size = read(fd, model, MOST);
	printf("found: %ld bytes, %08x\n", size, digest());
	check(unlink(path) == 0, "unlink");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 4) {
		printf("usage: exercise DIRECTORY [SEED OPERATIONS]\n");
		return 2;
	}
	snprintf(path, sizeof path, "%s/exercise", argv[1]);
	if (argc == 2)
		return found();
	state = strtoul(argv[2], NULL, 0) * 0x9e3779b97f4a7c15ul | 1;
	printf("seed %s\n", argv[2]);
	exercise(atol(argv[3]));
	return 0;
}
