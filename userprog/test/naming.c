// A directory with many names: made, looked up, listed, removed.
//   naming DIRECTORY SEED NAMES
// What is printed depends on the arguments alone.
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[128];
static uint64_t state;

static uint64_t chance(uint64_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dul >> 16) % below;
}

static void check(int right, const char *what)
{
	if (right)
		return;
	perror(what);
	exit(1);
}

static char *name(long i)
{
	static char text[200];

	snprintf(text, sizeof text, "%s/%s%lx", path,
	         i % 5 ? "n" : "a-name-that-is-somewhat-longer-", i * 7919);
	return text;
}

static void list(const char *what)
{
	struct dirent *entry;
	unsigned long sum = 0, count = 0;
	DIR *dir;

	dir = opendir(path);
	while ((entry = readdir(dir)) != NULL) {
		unsigned hash = 0;

		for (char *at = entry->d_name; *at; at++)
			hash = hash * 31 + *at;
		sum += hash;
		count++;
	}
	closedir(dir);
	printf("%s: %lu entries, %lx\n", what, count, sum);
}

static long missing(long names)
{
	long n = 0;

	for (long i = 0; i < names; i++)
		n += access(name(i), F_OK) != 0;
	return n;
}

// A third is removed from the front, a third at random, the rest in the end.
static void exercise(long names)
{
	check(mkdir(path, 0755) == 0, "mkdir");
	for (long i = 0; i < names; i++) {
		int new = open(name(i), O_WRONLY | O_CREAT | O_EXCL, 0600);

		check(new >= 0, "create");
		close(new);
	}
	list("made");
	printf("missing %ld\n", missing(names));
	for (long i = 0; i < names / 3; i++)
		check(unlink(name(i)) == 0, "unlink");
	for (long i = 0; i < names / 3; i++)
		unlink(name(chance(names)));
	list("some are gone");
	printf("missing %ld\n", missing(names));
	for (long i = 0; i < names; i++)
		unlink(name(i));
	list("all are gone");
	check(rmdir(path) == 0, "rmdir");
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		printf("usage: naming DIRECTORY SEED NAMES\n");
		return 2;
	}
	snprintf(path, sizeof path, "%s/naming", argv[1]);
	state = strtoul(argv[2], NULL, 0) * 0x9e3779b97f4a7c15ul | 1;
	printf("seed %s\n", argv[2]);
	exercise(atol(argv[3]));
	return 0;
}
