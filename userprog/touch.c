// Makes empty files, and sets the times of those that are there.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>

TOOL("touch", "touch [-acm] [-r FILE | -d @SECONDS] FILE...");

#define UTIME_OMIT 0x3ffffffe // Linux's, in tv_nsec: this one stays
#define UTIME_NOW 0x3fffffff

static struct timespec times[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

static void take_from(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		complain(path);
		die(1, "its times are needed");
	}
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
}

static void take(const char *text)
{
	char *end;
	long seconds = *text == '@' ? strtol(text + 1, &end, 10) : 0;

	if (*text != '@' || end == text + 1 || *end)
		misuse();
	times[0] = times[1] = (struct timespec){ .tv_sec = seconds };
}

static int touch(const char *path, bool create)
{
	if (utimensat(AT_FDCWD, path, times, 0) == 0 || !create)
		return 0;
	int fd = open(path, O_WRONLY | O_CREAT, 0666);
	if (fd < 0)
		return complain(path);
	close(fd);
	return utimensat(AT_FDCWD, path, times, 0) < 0 ? complain(path) : 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool create = true;
	int status = 0, only = 0;

	for (int letter; (letter = option(&o, argv, "acmr:d:"));) {
		create &= letter != 'c';
		if (letter == 'r')
			take_from(o.arg);
		else if (letter == 'd')
			take(o.arg);
		else if (letter != 'c')
			only = letter;
	}
	if (o.next == argc)
		misuse();
	if (only)
		times[only == 'a'].tv_nsec = UTIME_OMIT;
	for (int i = o.next; i < argc; i++)
		status |= touch(argv[i], create);
	return status;
}
