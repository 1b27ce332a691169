// large FILE MIB: writes so many MiB, reads them back and compares, and deletes
// the file, for a test that sees to it that others get on meanwhile.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK 65536

static uint64_t state, sum;
static uint64_t words[CHUNK / 8];

// xorshift64* (S. Vigna, ACM TOMS 42, 2016): as good as random, and repeatable.
static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int write_all(int fd, long chunks)
{
	state = 1;
	for (long i = 0; i < chunks; i++) {
		for (size_t w = 0; w < CHUNK / 8; w++)
			words[w] = next();
		if (write(fd, words, CHUNK) != CHUNK)
			return fail("write");
	}
	return fsync(fd) ? fail("fsync") : 0;
}

static int read_all(int fd, long chunks)
{
	state = 1;
	for (long i = 0; i < chunks; i++) {
		if (read(fd, words, CHUNK) != CHUNK)
			return fail("read");
		for (size_t w = 0; w < CHUNK / 8; w++) {
			if (words[w] != next()) {
				printf("byte %ld differs\n",
				       i * CHUNK + 8 * (long)w);
				return 1;
			}
			sum = sum * 31 + words[w];
		}
	}
	return read(fd, words, 1) != 0;
}

int main(int argc, char **argv)
{
	long chunks = argc > 2 ? atol(argv[2]) * (1048576 / CHUNK) : 0;
	int fd = argc > 2 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0644)
	                  : -1;

	if (fd < 0)
		return fail("large");
	if (write_all(fd, chunks))
		return 1;
	printf("large: written\n");
	fflush(stdout);
	lseek(fd, 0, SEEK_SET);
	if (read_all(fd, chunks))
		return 1;
	printf("large: read, %016lx\n", (unsigned long)sum);
	fflush(stdout);
	close(fd);
	if (unlink(argv[1]))
		return fail("unlink");
	sync();
	printf("large: deleted\n");
	return 0;
}
