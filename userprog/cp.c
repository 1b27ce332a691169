// Copies files.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>
#include "place.h"

TOOL("cp", "cp [-r] FROM... TO");

static bool recursive;

static int copy_bytes(int from, int to, const char *path)
{
	static char buffer[4096];
	ssize_t n;

	while ((n = read(from, buffer, sizeof buffer)) > 0)
		for (ssize_t at = 0; at < n;) {
			ssize_t part = write(to, buffer + at, n - at);

			if (part < 0)
				return complain(path);
			at += part;
		}
	return n < 0 ? complain(path) : 0;
}

static int copy_file(const char *from, const char *to, const struct stat *st)
{
	struct stat there;
	int in, out, status;

	// Opening it for writing would have emptied it.
	if (stat(to, &there) == 0 && there.st_ino == st->st_ino &&
	    there.st_dev == st->st_dev && S_ISREG(st->st_mode)) {
		message("cp: %s and %s are the same file\n", from, to);
		return 1;
	}
	in = open(from, O_RDONLY);
	if (in < 0)
		return complain(from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
	status = out < 0 ? complain(to) : copy_bytes(in, out, to);
	close(in);
	if (out >= 0 && close(out) < 0)
		status = complain(to);
	return status;
}

static int copy(const char *from, const char *to);

static int copy_directory(const char *from, const char *to)
{
	char below[PATH_SIZE], target[PATH_SIZE];
	struct dirent *entry;
	int status = 0;

	if (mkdir(to, 0777) < 0 && errno != EEXIST)
		return complain(to);
	DIR *dir = opendir(from);
	if (!dir)
		return complain(from);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (!place_join(below, from, entry->d_name) ||
		    !place_join(target, to, entry->d_name))
			status = 1;
		else
			status |= copy(below, target);
	}
	closedir(dir);
	return status;
}

static int copy(const char *from, const char *to)
{
	struct stat st;

	if (stat(from, &st) < 0)
		return complain(from);
	if (!S_ISDIR(st.st_mode))
		return copy_file(from, to, &st);
	if (recursive)
		return copy_directory(from, to);
	errno = EISDIR;
	return complain(from);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	while (option(&o, argv, "rR"))
		recursive = true;
	return place_each(argv + o.next, argc - o.next, copy);
}
