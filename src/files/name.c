#include "files/name.h"
#include "files/mount.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/string.h"

// The path so far: names are put in front of it.
struct naming {
	char *start;
	size_t room; // in front of start
	uint64_t ino; // of the entry that is looked for
	int64_t result; // -ENOENT until it is found
};

static int64_t name_add(struct naming *n, const char *name, size_t size)
{
	if (n->room <= size)
		return -ERANGE;
	n->start -= size;
	memcpy(n->start, name, size);
	*--n->start = '/';
	n->room -= size + 1;
	return 0;
}

static bool naming_sink(void *arg, const struct entry *entry)
{
	struct naming *n = arg;
	bool dots = entry->name[0] == '.' &&
	            (entry->size == 1 ||
	             (entry->size == 2 && entry->name[1] == '.'));

	if (dots || entry->ino != n->ino)
		return true;
	n->result = name_add(n, entry->name, entry->size);
	return false;
}

// Nothing says where a file is; but it was found in some directory.
static int64_t name_above(struct inode *covered, struct inode **parent)
{
	if (inode_is(covered, S_IFDIR))
		return path_step(covered, "..", 2, parent);
	if (covered->ops->above)
		return covered->ops->above(covered, parent);
	return -ENOENT;
}

// Looked for in the directory above it.
static int64_t name_search(struct inode *covered, struct naming *n,
                           struct inode **parent)
{
	int64_t err = name_above(covered, parent);

	if (err)
		return err;
	n->ino = covered->ino;
	n->result = -ENOENT;
	err = (*parent)->ops->list(*parent, 0, naming_sink, n);
	if (!err)
		err = n->result;
	if (err)
		inode_put(*parent);
	return err;
}

// One name more in front, and up to the directory that has it.
static int64_t name_up(struct inode **at, struct naming *n)
{
	struct inode *covered = mount_down(*at), *parent;
	struct path_end home;
	int64_t err;

	if (covered->ops->home && covered->ops->home(covered, &home)) {
		parent = mount_up(home.directory);
		inode_get(parent);
		err = name_add(n, home.name, home.size);
		if (err)
			inode_put(parent);
	} else {
		err = name_search(covered, n, &parent);
	}
	if (err)
		return err;
	inode_put(*at);
	*at = parent;
	return 0;
}

int64_t name_of(struct inode *inode, char *buffer, size_t size, char **start)
{
	struct naming n = { .start = buffer + size - 1, .room = size - 1 };
	int64_t err = size < 2 ? -ERANGE : 0;

	*n.start = '\0';
	inode_get(inode);
	while (!err && inode != mount_root())
		err = name_up(&inode, &n);
	inode_put(inode);
	if (err)
		return err;
	if (*n.start == '\0')
		*--n.start = '/';
	*start = n.start;
	return buffer + size - n.start;
}
