#include "copying.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>
#include "inode.h"
#include "place.h"

#define CHUNK 32768 // bytes copied at a time

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int copy_bytes(int from, int to, const char *path)
{
	static char buffer[CHUNK];
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

static int copy_file(const char *from, const char *to,
                     const struct linux_stat *st)
{
	int in = open(from, O_RDONLY), out, status;

	if (in < 0)
		return complain(from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->mode & 0777);
	status = out < 0 ? complain(to) : copy_bytes(in, out, to);
	close(in);
	if (out >= 0 && close(out) < 0)
		status = complain(to);
	return status;
}

static int copy_link(const char *from, const char *to)
{
	char target[PATH_SIZE];
	ssize_t n = readlink(from, target, sizeof target - 1);

	if (n < 0)
		return complain(from);
	target[n] = '\0';
	return symlink(target, to) < 0 ? complain(to) : 0;
}

static int copy_into(const char *from, const char *to,
                     const struct copying *how)
{
	char below[PATH_SIZE], target[PATH_SIZE];
	struct dirent *entry;
	int status = 0;

	DIR *dir = opendir(from);
	if (!dir)
		return complain(from);
	while ((entry = readdir(dir)) != NULL) {
		if (is_dots(entry->d_name))
			continue;
		if (!place_join(below, from, entry->d_name) ||
		    !place_join(target, to, entry->d_name))
			status = 1;
		else
			status |= copy_tree(below, target, how);
	}
	closedir(dir);
	return status;
}

// A copy of a directory that lies in it would have no end.
static bool lies_in(const char *path, const struct linux_stat *directory)
{
	char at[PATH_SIZE];
	struct linux_stat st;

	if (format(at, sizeof at, "%s/..", path) >= PATH_SIZE)
		return false;
	for (long before = -1; inode_look(at, true, &st) == 0;) {
		if (inode_same(&st, directory))
			return true;
		if (st.ino == (unsigned long)before ||
		    strlen(at) + 4 > sizeof at)
			return false;
		before = st.ino;
		strcat(at, "/..");
	}
	return false;
}

static int copy_directory(const char *from, const char *to,
                          const struct linux_stat *st,
                          const struct copying *how)
{
	if (!how->recursive) {
		errno = EISDIR;
		return complain(from);
	}
	if (mkdir(to, (st->mode & 0777) | 0700) < 0 && errno != EEXIST)
		return complain(to);
	if (lies_in(to, st)) {
		rmdir(to);
		message("%s: %s would be copied into itself\n", tool_name,
		        from);
		return 1;
	}
	return copy_into(from, to, how);
}

static int keep(const char *to, const struct linux_stat *st)
{
	struct timespec times[2] = { { st->atime, st->atime_ns },
		                     { st->mtime, st->mtime_ns } };
	int status = 0;

	if (!S_ISLNK(st->mode))
		status = chmod(to, st->mode & 07777);
	if (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
		status = -1;
	return status < 0 ? complain(to) : 0;
}

int copy_tree(const char *from, const char *to, const struct copying *how)
{
	struct linux_stat st, there;
	int status;

	if (inode_look(from, !how->recursive, &st) < 0)
		return complain(from);
	// Opening it for writing would have emptied it.
	if (inode_look(to, !how->recursive, &there) == 0) {
		if (inode_same(&st, &there)) {
			message("%s: %s and %s are the same file\n", tool_name,
			        from, to);
			return 1;
		}
		if (!S_ISREG(st.mode) && !S_ISDIR(there.mode))
			unlink(to);
	}
	if (S_ISDIR(st.mode))
		status = copy_directory(from, to, &st, how);
	else if (S_ISLNK(st.mode))
		status = copy_link(from, to);
	else if (S_ISFIFO(st.mode) && how->recursive)
		status = mkfifo(to, st.mode & 0777) < 0 ? complain(to) : 0;
	else
		status = copy_file(from, to, &st);
	return status || !how->keep ? status : keep(to, &st);
}

// ---- removing ----

#define NAMES 4096 // bytes of names that are gathered before they are removed

// Names of the directory, one after the other; 0: it is empty.  What a reader
// sees of a directory that changes under it is not defined, so the names are
// read first.
static size_t gather(const char *path, char *names)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t filled = 0;

	if (!dir)
		return complain(path), 0;
	while ((entry = readdir(dir)) != NULL) {
		size_t size = strlen(entry->d_name) + 1;

		if (is_dots(entry->d_name))
			continue;
		if (filled + size > NAMES)
			break;
		memcpy(names + filled, entry->d_name, size);
		filled += size;
	}
	closedir(dir);
	return filled;
}

static int empty(const char *path)
{
	char names[NAMES], below[PATH_SIZE];
	size_t filled;

	while ((filled = gather(path, names)) > 0)
		for (char *name = names; name < names + filled;
		     name += strlen(name) + 1)
			if (!place_join(below, path, name) ||
			    remove_tree(below, true, true))
				return 1;
	return 0;
}

int remove_tree(const char *path, bool recursive, bool force)
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
