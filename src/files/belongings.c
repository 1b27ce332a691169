#include "files/belongings.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/name.h"
#include "files/path.h"
#include "files/pid.h"
#include "files/place.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/space.h"

// Numbers of inodes, apart from those of pid.c.
#define NUMBERS (1ul << 44)

enum { CWD = -4, EXE, ROOT, FD }; // else: a descriptor

static const struct {
	const char *name;
	int which;
	uint32_t mode;
} names[] = {
	{ "cwd", CWD, S_IFLNK | 0777 },
	{ "exe", EXE, S_IFLNK | 0777 },
	{ "root", ROOT, S_IFLNK | 0777 },
	{ "fd", FD, S_IFDIR | 0500 },
};
#define NAMES (sizeof names / sizeof names[0])

struct belonging {
	struct inode inode; // first
	struct inode *root; // of /proc
	int pid, which;
	char *target; // of a link
};

static struct belonging *belonging_of(struct inode *inode)
{
	return (struct belonging *)inode;
}

static uint64_t belonging_ino(int pid, int which)
{
	return NUMBERS + pid * 2ul * FILES_LIMIT + which + NAMES;
}

// ---- what it is ----

// The file that the first text comes from.
static struct inode *executable_of(struct process *process)
{
	LIST_EACH(node, &space_of(process)->areas) {
		struct area *area = area_of(node);
		bool text = area->pager && (area->access & USER_EXECUTE);
		struct inode *inode =
			text ? inode_of_pager(area->pager) : NULL;

		if (inode)
			return inode;
	}
	return NULL;
}

// Without a reference; NULL if it is not there any more.
static struct inode *belonging_inode(int pid, int which)
{
	struct process *process = process_find(pid);
	struct file *file;

	if (process == NULL || process->ended)
		return NULL;
	switch (which) {
	case CWD:
		return place_directory(process);
	case EXE:
		return executable_of(process);
	case ROOT:
		return mount_root();
	}
	file = file_of(process, which);
	return file ? file->inode : NULL;
}

// What a link says: the path, or what kind of thing without a name it is.
static int64_t target_of(struct inode *inode, char **target)
{
	static char buffer[PATH_LONGEST] __attribute__((section(".noinit")));
	bool pipe = inode_is(inode, S_IFIFO);
	char *start;
	int64_t size = name_of(inode, buffer, sizeof buffer, &start);

	if (size == PENDING)
		return size;
	if (size < 0) {
		start = buffer;
		size = 1 + format(buffer, sizeof buffer, "%s:[%lu]",
		                  pipe ? "pipe" : "deleted", inode->ino);
	}
	*target = kmalloc(size);
	if (*target == NULL)
		return -ENOMEM;
	memcpy(*target, start, size);
	return size - 1;
}

// ---- links ----

static int64_t belonging_readlink(struct inode *link, char *to)
{
	memcpy(to, belonging_of(link)->target, link->size);
	return 0;
}

static int64_t belonging_follow(struct inode *link, struct inode **out)
{
	struct belonging *b = belonging_of(link);

	*out = belonging_inode(b->pid, b->which);
	if (*out == NULL)
		return -ENOENT;
	inode_get(*out);
	return 0;
}

static void belonging_release(struct inode *inode)
{
	kfree(belonging_of(inode)->target);
	kfree(inode);
}

static const struct inode_ops link_ops = {
	.readlink = belonging_readlink,
	.follow = belonging_follow,
	.release = belonging_release,
};

static struct belonging *belonging_new(struct inode *root, int pid, int which,
                                       uint32_t mode,
                                       const struct inode_ops *ops)
{
	struct belonging *b = kzalloc(sizeof *b);

	if (b == NULL)
		return NULL;
	inode_init(&b->inode, ops, mode);
	b->inode.ino = belonging_ino(pid, which);
	b->inode.device = root->device;
	b->root = root;
	b->pid = pid;
	b->which = which;
	return b;
}

static int64_t belonging_link(struct inode *root, int pid, int which,
                              struct inode **out)
{
	struct inode *to = belonging_inode(pid, which);
	struct belonging *b;
	int64_t size;

	if (to == NULL)
		return -ENOENT;
	b = belonging_new(root, pid, which, S_IFLNK | 0777, &link_ops);
	if (b == NULL)
		return -ENOMEM;
	size = target_of(to, &b->target);
	if (size < 0) {
		inode_put(&b->inode);
		return size;
	}
	b->inode.size = size;
	*out = &b->inode;
	return 0;
}

// ---- the directory of descriptors ----

static int64_t fd_lookup(struct inode *inode, const char *name, size_t size,
                         struct inode **out)
{
	struct belonging *dir = belonging_of(inode);
	int fd = 0;

	if (size == 2 && name[0] == '.' && name[1] == '.')
		return pid_directory(dir->root, dir->pid, out);
	if (size > 4 || (size > 1 && name[0] == '0'))
		return -ENOENT;
	for (size_t i = 0; i < size; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -ENOENT;
		fd = 10 * fd + name[i] - '0';
	}
	return belonging_link(dir->root, dir->pid, fd, out);
}

static bool fd_tell(int pid, int fd, entry_sink sink, void *arg)
{
	char name[16];
	struct entry entry = { .name = name,
		               .size = format(name, sizeof name, "%d", fd),
		               .ino = belonging_ino(pid, fd),
		               .mode = S_IFLNK,
		               .next = fd + 3 };

	return sink(arg, &entry);
}

// A cursor is the next descriptor and 2 more.
static int64_t fd_list(struct inode *inode, uint64_t from, entry_sink sink,
                       void *arg)
{
	struct belonging *dir = belonging_of(inode);
	struct process *process = process_find(dir->pid);
	struct entry self = { ".", 1, inode->ino, S_IFDIR, 1 };
	struct entry up = { "..", 2, pid_ino(dir->pid), S_IFDIR, 2 };

	if (process == NULL || process->ended)
		return -ENOENT;
	if ((from < 1 && !sink(arg, &self)) || (from < 2 && !sink(arg, &up)))
		return 0;
	for (int fd = from < 2 ? 0 : from - 2; fd < FILES_LIMIT; fd++)
		if (file_of(process, fd) && !fd_tell(dir->pid, fd, sink, arg))
			break;
	return 0;
}

static const struct inode_ops fd_ops = {
	.lookup = fd_lookup,
	.list = fd_list,
	.release = belonging_release,
};

// ---- in the directory of a process ----

int64_t belonging_lookup(struct inode *root, int pid, const char *name,
                         size_t size, struct inode **out)
{
	struct belonging *b;

	for (size_t i = 0; i < NAMES; i++) {
		if (strlen(names[i].name) != size ||
		    memcmp(names[i].name, name, size))
			continue;
		if (names[i].which != FD)
			return belonging_link(root, pid, names[i].which, out);
		b = belonging_new(root, pid, FD, names[i].mode, &fd_ops);
		*out = b ? &b->inode : NULL;
		return b ? 0 : -ENOMEM;
	}
	return -ENOENT;
}

bool belonging_list(int pid, uint64_t place, uint64_t from, entry_sink sink,
                    void *arg)
{
	for (size_t i = 0; i < NAMES; i++) {
		struct entry entry = {
			.name = names[i].name,
			.size = strlen(names[i].name),
			.ino = belonging_ino(pid, names[i].which),
			.mode = names[i].mode,
			.next = ++place,
		};

		if (place > from && !sink(arg, &entry))
			return false;
	}
	return true;
}
