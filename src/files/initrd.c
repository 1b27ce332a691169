#include "files/initrd.h"
#include "files/cpio.h"
#include "files/mount.h"
#include "files/tree.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/panic.h"

#define MODE_BITS 0177777 // type and permissions

// Where names without a slash in them are looked for: archives are sorted, so
// most entries lie in the same directory as the one before.
struct unpacking {
	struct node *root;
	struct node *directory; // of the last entry
	const char *path; // of that directory, in the archive
	size_t path_size;
};

// The next name of a path, without slashes; its size, 0 at the end.
static size_t next_name(const char **path)
{
	size_t n = 0;

	while (**path == '/')
		++*path;
	while ((*path)[n] && (*path)[n] != '/')
		n++;
	return n;
}

static bool is_name(const char *name, size_t size)
{
	if (size > NAME_LONGEST)
		return false;
	return !(name[0] == '.' &&
	         (size == 1 || (size == 2 && name[1] == '.')));
}

// The directory that the last name of the path lies in, made as needed; *path
// and *size get that name.  NULL: not a path that makes sense.
static struct node *unpack_parent(struct unpacking *u, const char **path,
                                  size_t *size)
{
	struct node *at = u->root;

	if (u->path_size && !strncmp(*path, u->path, u->path_size) &&
	    (*path)[u->path_size] == '/') {
		at = u->directory;
		*path += u->path_size;
	}
	for (;;) {
		const char *next;

		*size = next_name(path);
		next = *path + *size;
		if (*size == 0 || next_name(&next) == 0)
			return at;
		if (!is_name(*path, *size))
			return NULL;
		at = tree_directory(at, *path, *size);
		if (at == NULL)
			return NULL;
		*path += *size;
	}
}

// A later entry of the same name takes the place of the contents.
static int unpack_node(struct node *parent, const char *name, size_t size,
                       const struct cpio_entry *e)
{
	struct node *node = tree_child(parent, name, size);

	if (node && (node->inode.mode & S_IFMT) != (e->mode & S_IFMT))
		return -EEXIST;
	if (node == NULL)
		node = tree_add(parent, name, size, e->mode, &tree_ops);
	if (node == NULL)
		return -ENOMEM;
	node->inode.mode = e->mode & MODE_BITS;
	node->inode.uid = e->uid;
	node->inode.gid = e->gid;
	node->inode.mtime = e->mtime;
	if (!inode_is(&node->inode, S_IFDIR)) {
		node->inode.size = e->size;
		node->data = e->data;
	}
	return 0;
}

// Files, directories and links are all that a root needs.
static bool is_kept(const struct cpio_entry *e)
{
	uint32_t type = e->mode & S_IFMT;

	return type == S_IFREG || type == S_IFDIR || type == S_IFLNK;
}

static int unpack(struct unpacking *u, const struct cpio_entry *e)
{
	bool dot = e->name[0] == '.' && (e->name[1] == '/' || !e->name[1]);
	const char *start = e->name + dot, *path = start;
	struct node *parent;
	size_t size;

	parent = unpack_parent(u, &path, &size);
	if (parent == NULL)
		return -EINVAL;
	if (size == 0 || !is_kept(e)) // the root itself, a device
		return 0;
	if (!is_name(path, size))
		return -EINVAL;
	if (parent != u->directory) {
		u->directory = parent;
		u->path = start;
		u->path_size = path > start ? path - start - 1 : 0;
	}
	return unpack_node(parent, path, size, e);
}

// One bad entry is left out; after a bad header nobody knows where the next
// entry begins.
static void unpack_all(struct node *root, const struct cpio *archive)
{
	struct unpacking u = { .root = root };
	struct cpio_entry entry;
	size_t offset = 0;
	int more = archive->size ? 1 : 0;

	while (more == 1) {
		size_t at = offset;

		more = cpio_next(archive, &offset, &entry);
		if (more == 1) {
			int err = unpack(&u, &entry);

			if (err)
				kprintf("initrd: %s: error %d, left out\n",
				        entry.name, -err);
		} else if (more < 0) {
			kprintf("initrd: corrupt at byte %zu (error %d), the "
			        "rest is left out\n",
			        at, -more);
		}
	}
}

// The archive in the kernel's image: see tools/initrd.S.
extern char initrd_start[], initrd_end[];

static struct cpio initrd_archive(void)
{
	if (board.initrd)
		return (struct cpio){ (void *)board.initrd, board.initrd_size };
	return (struct cpio){ initrd_start, initrd_end - initrd_start };
}

void initrd_init(void)
{
	struct cpio archive = initrd_archive();
	struct node *root = tree_new();

	if (root == NULL)
		panic("no memory for the root");
	// Where others are mounted, whatever the archive holds.
	if (!tree_directory(root, "dev", 3) || !tree_directory(root, "proc", 4))
		panic("no memory for the root");
	unpack_all(root, &archive);
	mount_add(&(struct mount){ NULL, &root->inode, "/", "rootfs", "ro",
	                           NULL });
}
