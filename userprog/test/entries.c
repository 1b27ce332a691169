// Directories: what every system has must be in them, each name once.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *names[5000];
static int count;

static void read_names(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	count = 0;
	while (dir && (entry = readdir(dir)) && count < 5000)
		names[count++] = strdup(entry->d_name);
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof *names, compare);
}

static void show(const char *path, const char *const *expected)
{
	int twice = 0;

	read_names(path);
	for (int i = 1; i < count; i++)
		twice += strcmp(names[i - 1], names[i]) == 0;
	printf("%s: twice %d:", path, twice);
	for (; *expected; expected++)
		printf(" %s %d", *expected,
		       bsearch(expected, names, count, sizeof *names,
		               compare) != NULL);
	printf("\n");
}

// A buffer for hardly one record: the calls together must give all of them.
static void small_buffer(const char *path)
{
	char buffer[64] __attribute__((aligned(8)));
	int fd = open(path, O_RDONLY | O_DIRECTORY), total = 0;
	long n;

	read_names(path);
	while ((n = raw_syscall(SYS_getdents64, fd, buffer, sizeof buffer, 0, 0,
	                        0)) > 0)
		for (long at = 0; at < n;
		     at += *(unsigned short *)(buffer + at + 16))
			total++;
	printf("small buffer: %ld all %d\n", n, total == count);
	printf("too small: %ld\n",
	       (lseek(fd, 0, SEEK_SET),
	        raw_syscall(SYS_getdents64, fd, buffer, 8, 0, 0, 0)));
	close(fd);
}

static void types(void)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir("/dev");

	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, "null") == 0)
			printf("null is a device %d\n",
			       entry->d_type == DT_CHR);
	rewinddir(dir);
	printf("again %d\n", readdir(dir) != NULL);
	closedir(dir);
	stat("/dev/null", &st);
	printf("%d %o\n", S_ISCHR(st.st_mode), st.st_mode & 0666);
	stat("/", &st);
	printf("%d\n", S_ISDIR(st.st_mode));
}

static void here(void)
{
	char path[100];

	chdir("/dev");
	printf("%s", getcwd(path, sizeof path));
	printf(" %d", access("null", F_OK));
	chdir("..");
	printf(" %s", getcwd(path, sizeof path));
	printf(" %d", chdir("/dev/null"));
	printf(" %s", strerror(errno));
	printf(" %d", chdir("/nowhere"));
	printf(" %s", strerror(errno));
	chdir("dev/../dev/./");
	printf(" %s", getcwd(path, sizeof path));
	printf(" %s", getcwd(path, 3) ? "fits" : strerror(errno));
	printf(" %s", opendir("null") ? "opened" : strerror(errno));
	int fd = open("/", O_RDONLY | O_DIRECTORY);
	printf(" %d", faccessat(fd, "dev/null", R_OK, 0));
	printf(" %d\n", openat(fd, "dev/null", O_RDONLY) >= 0);
}

int main(void)
{
	show("/", (const char *const[]){ ".", "..", "bin", "dev", "proc",
	                                 "surely not", NULL });
	show("/dev", (const char *const[]){ "console", "null", "zero", "full",
	                                    "random", NULL });
	show("/proc",
	     (const char *const[]){ "meminfo", "stat", "uptime", "1", NULL });
	small_buffer("/dev");
	types();
	here();
	return 0;
}
