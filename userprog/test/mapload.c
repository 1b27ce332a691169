// A mapping that is larger than the memory.
//   mapload FILE MIB             written, read twice, read in random order, and
//                                written in random order, through a mapping
//                                that all may see; read back by read()
// It ends by deleting the file, and comparing what memory there is with what
// there was.
//   mapload FILE MIB private     the file read through a mapping of one's own
#include "left.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096l
#define STEP 1500007l // a prime: all pages come, in an order like chance

static int file;
static long pages, wrong;
static uint64_t *map;

// What the page is to hold after so many times that it was written.
static uint64_t word(long page, long i, uint64_t times)
{
	return (page * 512 + i + 1) * 0x9e3779b97f4a7c15ul ^ times;
}

static uint64_t *at(long page)
{
	return map + page * (PAGE / 8);
}

static void store(long page, uint64_t times)
{
	for (long i = 0; i < PAGE / 8; i += 64)
		at(page)[i] = word(page, i, times);
}

static void check(const uint64_t *words, long page, uint64_t times)
{
	for (long i = 0; i < PAGE / 8; i += 64)
		wrong += words[i] != word(page, i, times);
}

static void say(const char *what)
{
	printf("%s: %ld wrong\n", what, wrong);
	fflush(stdout);
}

static void read_back(uint64_t times)
{
	static uint64_t buffer[16 * PAGE / 8];

	lseek(file, 0, SEEK_SET);
	for (long page = 0; page < pages; page += 16) {
		if (read(file, buffer, sizeof buffer) != sizeof buffer)
			wrong++;
		for (int i = 0; i < 16; i++)
			check(buffer + i * PAGE / 8, page + i, times);
	}
	say("read back");
}

static void look(const char *what, long step, uint64_t times)
{
	long page = 0;

	for (long i = 0; i < pages; i++) {
		check(at(page), page, times);
		page = (page + step) % pages;
	}
	say(what);
}

// Others that look at it have it too.
static void share_it(void)
{
	long page = 0;

	for (long i = 0; i < pages; i++) {
		store(page, 1);
		page = (page + STEP) % pages;
	}
	say("written in random order");
	look("read", 1, 1);
	if (msync(map, pages * PAGE, MS_SYNC))
		perror("msync");
	read_back(1);
}

static int all(bool private)
{
	map = mmap(NULL, pages * PAGE,
	           private ? PROT_READ : PROT_READ | PROT_WRITE,
	           private ? MAP_PRIVATE : MAP_SHARED, file, 0);
	if (map == MAP_FAILED)
		return perror("mmap"), 1;
	if (!private) {
		for (long page = 0; page < pages; page++)
			store(page, 0);
		say("written");
		read_back(0);
	}
	look("read once", 1, private);
	look("read twice", 1, private);
	look("read in random order", STEP, private);
	if (!private)
		share_it();
	return munmap(map, pages * PAGE);
}

int main(int argc, char **argv)
{
	struct left before, missing;
	int status;

	if (argc < 3)
		return 2;
	before = left_now();
	pages = atol(argv[2]) * 256;
	file = open(argv[1], O_RDWR | O_CREAT, 0644);
	if (file < 0 || ftruncate(file, pages * PAGE))
		return perror(argv[1]), 1;
	status = all(argc > 3);
	close(file);
	if (argc > 3)
		return status || wrong;
	unlink(argv[1]);
	sync();
	missing = left_wait(&before);
	printf("missing: %ld pages\n", missing.pages);
	return status || wrong;
}
