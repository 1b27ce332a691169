#include "files/pid.h"
#include "files/belongings.h"
#include "files/report.h"
#include "files/sheet.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "memory/heap.h"

#define PID_FILES 16 // numbers of inodes for each process

struct pid_inode {
	struct inode inode; // first
	struct inode *root;
	int pid;
	const struct report *report; // of a file
	char target[16]; // of a link
};

uint64_t pid_ino(int pid)
{
	return PID_NUMBERS + pid * (uint64_t)PID_FILES;
}

static struct pid_inode *pid_inode_of(struct inode *inode)
{
	return (struct pid_inode *)inode;
}

static void pid_release(struct inode *inode)
{
	kfree(inode);
}

static int64_t pid_inode_new(struct inode *root, int pid, uint32_t mode,
                             const struct inode_ops *ops, struct inode **out)
{
	struct pid_inode *p = kzalloc(sizeof *p);

	if (p == NULL)
		return -ENOMEM;
	inode_init(&p->inode, ops, mode);
	p->inode.ino = pid_ino(pid);
	p->inode.device = root->device;
	p->root = root;
	p->pid = pid;
	*out = &p->inode;
	return 0;
}

static int64_t pid_open(struct inode *inode, struct file *file)
{
	struct pid_inode *p = pid_inode_of(inode);

	return sheet_open(file, p->report->writer, p->pid);
}

static const struct inode_ops file_ops = {
	.open = pid_open,
	.release = pid_release,
};

static int64_t pid_file(struct pid_inode *dir, const struct report *report,
                        struct inode **out)
{
	int64_t err = pid_inode_new(dir->root, dir->pid, S_IFREG | 0444,
	                            &file_ops, out);

	if (err)
		return err;
	(*out)->ino += report - process_reports + 1;
	pid_inode_of(*out)->report = report;
	return 0;
}

static int64_t pid_lookup(struct inode *inode, const char *name, size_t size,
                          struct inode **out)
{
	struct pid_inode *dir = pid_inode_of(inode);

	if (size == 2 && name[0] == '.' && name[1] == '.') {
		inode_get(dir->root);
		*out = dir->root;
		return 0;
	}
	if (process_find(dir->pid) == NULL)
		return -ENOENT;
	// A handful of names, so they are searched one by one.
	for (const struct report *r = process_reports; r->name; r++)
		if (strlen(r->name) == size && !memcmp(r->name, name, size))
			return pid_file(dir, r, out);
	return belonging_lookup(dir->root, dir->pid, name, size, out);
}

static int64_t pid_list(struct inode *inode, uint64_t from, entry_sink sink,
                        void *arg)
{
	struct pid_inode *dir = pid_inode_of(inode);
	uint64_t ino = inode->ino, place = 2;
	struct entry self = { ".", 1, ino, S_IFDIR, 1 };
	struct entry root = { "..", 2, dir->root->ino, S_IFDIR, 2 };

	if (process_find(dir->pid) == NULL)
		return -ENOENT;
	if ((from < 1 && !sink(arg, &self)) || (from < 2 && !sink(arg, &root)))
		return 0;
	for (const struct report *r = process_reports; r->name; r++) {
		struct entry entry = { r->name, strlen(r->name), ++ino, S_IFREG,
			               ++place };

		if (place > from && !sink(arg, &entry))
			return 0;
	}
	belonging_list(dir->pid, place, from, sink, arg);
	return 0;
}

static const struct inode_ops directory_ops = {
	.lookup = pid_lookup,
	.list = pid_list,
	.release = pid_release,
};

static int64_t pid_readlink(struct inode *link, char *to)
{
	memcpy(to, pid_inode_of(link)->target, link->size);
	return 0;
}

static const struct inode_ops link_ops = {
	.readlink = pid_readlink,
	.release = pid_release,
};

int64_t pid_directory(struct inode *root, int pid, struct inode **out)
{
	if (process_find(pid) == NULL)
		return -ENOENT;
	return pid_inode_new(root, pid, S_IFDIR | 0555, &directory_ops, out);
}

int64_t pid_link(struct inode *root, int pid, struct inode **out)
{
	int64_t err =
		pid_inode_new(root, pid, S_IFLNK | 0777, &link_ops, out);
	char *target;

	if (err)
		return err;
	target = pid_inode_of(*out)->target;
	(*out)->size =
		format(target, sizeof pid_inode_of(*out)->target, "%d", pid);
	return 0;
}
