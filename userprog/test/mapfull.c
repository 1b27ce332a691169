// A file in /tmp, when all the memory holds pages of another that is mapped:
// these can be read again, so they make room.
//   mapfull FILE MIB
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096l

static long sum(const char *map, long size)
{
	long sum = 0;

	for (long at = 0; at < size; at += PAGE)
		sum = sum * 31 + map[at];
	return sum;
}

int main(int argc, char **argv)
{
	static char buffer[16 * PAGE];
	int file = open(argv[1], O_RDONLY);
	int tmp = open("/tmp/full", O_CREAT | O_RDWR, 0600);
	long size = lseek(file, 0, SEEK_END), first, done = 0;
	const char *map;

	if (argc < 3 || file < 0 || tmp < 0)
		return 2;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
	first = sum(map, size);
	memset(buffer, 'x', sizeof buffer);
	while (done < atol(argv[2]) << 20) {
		long n = write(tmp, buffer, sizeof buffer);

		if (n <= 0) {
			perror("write");
			break;
		}
		done += n;
	}
	printf("written %ld MiB, the file is %s\n", done >> 20,
	       sum(map, size) == first ? "the same" : "another");
	unlink("/tmp/full");
	return 0;
}
