// Removes files, and directories with all that is in them.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>

TOOL("rm", "rm [-rf] FILE...");

static bool recursive, force;

static int remove_one(const char *path);

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

// The directory is read anew after each removal: what a reader sees of one that
// changes under it is not defined.
static int empty(const char *path)
{
	struct dirent *entry;
	char *below;
	int status;

	for (;;) {
		DIR *dir = opendir(path);

		if (!dir)
			return complain(path);
		while ((entry = readdir(dir)) && is_dots(entry->d_name))
			;
		size_t size = strlen(path) + 258;
		below = entry ? malloc(size) : NULL;
		if (below)
			format(below, size, "%s/%s", path, entry->d_name);
		bool end = !entry;
		closedir(dir);
		if (end)
			return 0;
		if (!below)
			die(1, "out of memory");
		status = remove_one(below);
		free(below);
		if (status)
			return status;
	}
}

static int remove_one(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return force && errno == ENOENT ? 0 : complain(path);
	if (!S_ISDIR(st.st_mode))
		return unlink(path) < 0 ? complain(path) : 0;
	if (!recursive) {
		errno = EISDIR;
		return complain(path);
	}
	if (empty(path))
		return 1;
	return rmdir(path) < 0 ? complain(path) : 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	for (int letter; (letter = option(&o, argv, "rRf"));) {
		recursive |= letter != 'f';
		force |= letter == 'f';
	}
	if (o.next == argc && !force)
		misuse();
	for (int i = o.next; i < argc; i++)
		status |= remove_one(argv[i]);
	return status;
}
