// Lists directories.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

TOOL("ls", "ls [-la1d] [FILE...]");

static bool long_form, all, no_descend;

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show_mode(unsigned mode)
{
	static const char types[] = "?pc?d?b?-?l?s???";

	putch(types[mode >> 12 & 15]);
	for (int bit = 8; bit >= 0; bit--)
		putch(mode >> bit & 1 ? "xwr"[bit % 3] : '-');
}

static void show_time(time_t when)
{
	struct tm tm;

	gmtime_r(&when, &tm);
	print("%d-%02d-%02d %02d:%02d ", tm.tm_year + 1900, tm.tm_mon + 1,
	      tm.tm_mday, tm.tm_hour, tm.tm_min);
}

static void show_target(const char *path)
{
	char target[256];
	ssize_t n = readlink(path, target, sizeof target);

	if (n > 0)
		print(" -> %.*s", (int)n, target);
}

static void show(const char *path, const char *name, const struct stat *st)
{
	if (long_form) {
		show_mode(st->st_mode);
		print(" %2u ", (unsigned)st->st_nlink);
		if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
			print("%5u,%3u ", (unsigned)st->st_rdev >> 8 & 0xff,
			      (unsigned)st->st_rdev & 0xff);
		else
			print("%9ld ", (long)st->st_size);
		show_time(st->st_mtime);
	}
	print("%s", name);
	if (long_form && S_ISLNK(st->st_mode))
		show_target(path);
	putch('\n');
}

static int show_entry(const char *directory, const char *name)
{
	char path[512];
	struct stat st;
	bool slash = directory[strlen(directory) - 1] == '/';

	format(path, sizeof path, "%s%s%s", directory, slash ? "" : "/", name);
	// Only the long form needs more than the name.
	if (long_form && lstat(path, &st) < 0)
		return complain(path);
	show(path, name, &st);
	return 0;
}

static char **read_names(DIR *dir, size_t *count)
{
	char **names = NULL;
	struct dirent *entry;
	size_t n = 0, room = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' && !all)
			continue;
		if (n == room) {
			room = room ? room * 2 : 32;
			names = realloc(names, room * sizeof *names);
		}
		char *copy = names ? strdup(entry->d_name) : NULL;
		if (!copy)
			die(1, "out of memory");
		names[n++] = copy;
	}
	if (n > 0)
		qsort(names, n, sizeof *names, by_name);
	*count = n;
	return names;
}

static int list(const char *path)
{
	DIR *dir = opendir(path);
	size_t count;
	int status = 0;

	if (!dir)
		return complain(path);
	char **names = read_names(dir, &count);
	closedir(dir);
	for (size_t i = 0; i < count; i++) {
		status |= show_entry(path, names[i]);
		free(names[i]);
	}
	free(names);
	return status;
}

// Files come before the contents of directories, as their heads are not needed.
static int operands(char **paths, int count, bool directories)
{
	static bool shown;
	int status = 0;

	for (int i = 0; i < count; i++) {
		struct stat st;
		bool failed = (long_form || no_descend ? lstat : stat)(paths[i],
		                                                       &st) < 0;
		bool descend = !failed && S_ISDIR(st.st_mode) && !no_descend;

		if (failed && !directories)
			status = complain(paths[i]);
		if (failed || descend != directories)
			continue;
		if (descend && count > 1)
			print("%s%s:\n", shown ? "\n" : "", paths[i]);
		shown = true;
		if (descend)
			status |= list(paths[i]);
		else
			show(paths[i], paths[i], &st);
	}
	return status;
}

int main(int argc, char **argv)
{
	static char *here[] = { ".", NULL };
	struct options o = { 0 };
	int letter;

	while ((letter = option(&o, argv, "la1d")) != 0) {
		long_form |= letter == 'l';
		all |= letter == 'a';
		no_descend |= letter == 'd';
	}
	char **paths = o.next < argc ? argv + o.next : here;
	int count = o.next < argc ? argc - o.next : 1;
	qsort(paths, count, sizeof *paths, by_name);
	int status = operands(paths, count, false);

	return done(status | operands(paths, count, true));
}
