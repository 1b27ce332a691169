#include "files/path.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/place.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/user.h"

// What is left to walk lies at the end of the buffer, so that the target of a
// link can be put in front of it.  One buffer is enough: no walk outlasts its
// pass through the kernel.
static char path_buffer[2 * PATH_LONGEST] __attribute__((section(".noinit")));
#define PATH_TEXT (path_buffer + PATH_LONGEST)

struct walk {
	struct inode *at; // with a reference
	char *rest;
	int links;
	unsigned flags;
	const char *missing; // PATH_CREATE: the last name is not there
};

int64_t path_step(struct inode *directory, const char *name, size_t size,
                  struct inode **out)
{
	struct inode *child, *cover;
	int64_t err;

	if (!inode_is(directory, S_IFDIR))
		return -ENOTDIR;
	if (size > NAME_LONGEST)
		return -ENAMETOOLONG;
	*out = directory;
	// Upwards out of a file system is upwards from the directory it covers;
	// above the root there is nothing but the root.
	if (size == 2 && memcmp(name, "..", 2) == 0) {
		if (directory == mount_root()) {
			inode_get(directory);
			return 0;
		}
		directory = mount_down(directory);
	}
	err = directory->ops->lookup(directory, name, size, &child);
	if (err)
		return err;
	*out = child;
	if (!inode_is(child, S_IFDIR))
		return 0; // only directories are covered
	cover = mount_up(child);
	if (cover != child) {
		inode_get(cover);
		inode_put(child);
		*out = cover;
	}
	return 0;
}

static void walk_to(struct walk *walk, struct inode *inode)
{
	inode_put(walk->at);
	walk->at = inode;
}

// Puts the target in front of what is left to walk.
static int64_t walk_follow(struct walk *walk, struct inode *link)
{
	struct inode *target;
	int64_t err;

	if (++walk->links > PATH_LINKS)
		return -ELOOP;
	if (link->ops->follow) {
		err = link->ops->follow(link, &target);
		if (!err)
			walk_to(walk, target);
		return err;
	}
	if (link->size == 0)
		return -ENOENT;
	if (link->size >= (size_t)(walk->rest - path_buffer))
		return -ENAMETOOLONG;
	// What was walked already is not needed any more, and makes room.
	walk->rest -= link->size;
	err = link->ops->readlink(link, walk->rest);
	if (!err && *walk->rest == '/') {
		walk_to(walk, mount_root());
		inode_get(walk->at);
	}
	return err;
}

static size_t name_length(const char *name)
{
	size_t n = 0;

	while (name[n] && name[n] != '/')
		n++;
	return n;
}

// Whether only slashes are left.
static bool nothing_left(const char *rest)
{
	while (*rest == '/')
		rest++;
	return *rest == '\0';
}

// A slash behind the last name counts: what it names must be a directory.
static int64_t walk_name(struct walk *walk, size_t size)
{
	const char *name = walk->rest;
	struct inode *child;
	int64_t err;

	walk->rest += size;
	if (size == 1 && *name == '.')
		return inode_is(walk->at, S_IFDIR) ? 0 : -ENOTDIR;
	err = path_step(walk->at, name, size, &child);
	if (err == -ENOENT && (walk->flags & PATH_CREATE) &&
	    nothing_left(walk->rest)) {
		walk->missing = name;
		return 0;
	}
	if (err)
		return err;
	if (inode_is(child, S_IFLNK) &&
	    (*walk->rest || !(walk->flags & PATH_NOFOLLOW))) {
		err = walk_follow(walk, child);
		inode_put(child);
		return err;
	}
	walk_to(walk, child);
	return *walk->rest && !inode_is(child, S_IFDIR) ? -ENOTDIR : 0;
}

// To the end of the path, or to its last name.
static int64_t walk_run(struct walk *walk)
{
	int64_t err = 0;

	while (!err) {
		size_t size;

		while (*walk->rest == '/')
			walk->rest++;
		size = name_length(walk->rest);
		if (size == 0 || ((walk->flags & PATH_PARENT) &&
		                  nothing_left(walk->rest + size)))
			return 0;
		err = walk_name(walk, size);
	}
	return err;
}

// The path lies at PATH_TEXT.
static int64_t walk(struct walk *walk, struct process *process,
                    struct inode *base, unsigned flags)
{
	int64_t err;

	walk->rest = PATH_TEXT;
	walk->links = 0;
	walk->missing = NULL;
	walk->flags = flags;
	walk->at = *walk->rest == '/' ? mount_root()
	           : base             ? base
	                              : place_directory(process);
	inode_get(walk->at);
	err = *walk->rest || (flags & PATH_EMPTY) ? walk_run(walk) : -ENOENT;
	if (err)
		inode_put(walk->at);
	return err;
}

int64_t path_lookup(struct process *process, struct inode *base,
                    const char *path, unsigned flags, struct inode **out)
{
	size_t size = strnlen(path, PATH_LONGEST) + 1;
	struct walk w;
	int64_t err;

	if (size > PATH_LONGEST)
		return -ENAMETOOLONG;
	// Copied, because links are put in front of it.
	memmove(PATH_TEXT, path, size);
	err = walk(&w, process, base, flags);
	if (!err)
		*out = w.at;
	return err;
}

// Brings the path from the process and says where it starts.
static int64_t walk_at(struct walk *w, struct process *process, uint64_t dirfd,
                       uint64_t address, unsigned flags)
{
	struct inode *base = NULL;
	struct file *file;
	int64_t size =
		user_copy_string(process, PATH_TEXT, address, PATH_LONGEST);

	if (size < 0)
		return size;
	if (*PATH_TEXT != '/' && (int32_t)dirfd != AT_FDCWD) {
		file = file_of(process, dirfd);
		if (file == NULL)
			return -EBADF;
		base = file->inode;
	}
	return walk(w, process, base, flags);
}

int64_t path_lookup_at(struct process *process, uint64_t dirfd,
                       uint64_t address, unsigned flags, struct inode **out)
{
	struct walk w;
	int64_t err = walk_at(&w, process, dirfd, address, flags);

	if (!err)
		*out = w.at;
	return err;
}

// Where the walk stopped, in front of a name; the directory's reference goes
// with it.
static int64_t walk_end(const struct walk *w, const char *name,
                        struct path_end *out)
{
	int64_t err = 0;

	out->directory = w->at;
	out->name = name;
	out->size = name_length(name);
	out->slash = name[out->size] == '/';
	if (!inode_is(w->at, S_IFDIR))
		err = -ENOTDIR;
	else if (out->size > NAME_LONGEST)
		err = -ENAMETOOLONG;
	if (err)
		inode_put(w->at);
	return err;
}

int64_t path_parent_at(struct process *process, uint64_t dirfd,
                       uint64_t address, struct path_end *out)
{
	struct walk w;
	int64_t err = walk_at(&w, process, dirfd, address, PATH_PARENT);

	return err ? err : walk_end(&w, w.rest, out);
}

int64_t path_create_at(struct process *process, uint64_t dirfd,
                       uint64_t address, unsigned flags, struct path_end *end,
                       struct inode **out)
{
	struct walk w;
	int64_t err =
		walk_at(&w, process, dirfd, address, flags | PATH_CREATE);

	*out = NULL;
	if (err)
		return err;
	if (w.missing)
		return walk_end(&w, w.missing, end);
	*out = w.at;
	return 0;
}
