#include "files/proc.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/path.h"
#include "files/report.h"
#include "files/transfer.h"
#include "files/tree.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "process/wait.h"

// An inode that is made when it is asked for: a process's directory, a file in
// it, or "self".
struct proc_inode {
	struct inode inode; // first
	int pid;
	const struct report *report;
	char link[16]; // of self
};

static struct node *proc;

// Numbers of inodes: a process's directory, then its files.
static uint64_t proc_ino(int pid, const struct report *report)
{
	uint64_t place = report ? report - process_reports + 1 : 0;

	return TREE_CURSORS + pid * 16ul + place;
}

// ---- files ----

struct proc_file {
	struct text text;
	proc_writer writer;
	int pid; // 0: none
};

static int64_t proc_write_text(struct proc_file *f)
{
	struct process *process = f->pid ? process_find(f->pid) : NULL;
	int64_t err = 0;

	if (f->pid && process == NULL)
		return -ESRCH;
	text_clear(&f->text);
	err = f->writer(&f->text, process);
	return f->text.failed ? -ENOMEM : err;
}

// Small reads see one state of things: a new one begins at the start.
static int64_t proc_file_read(struct file *file, struct transfer *to,
                              uint64_t offset)
{
	struct proc_file *f = file->private;
	int64_t err = offset == 0 ? proc_write_text(f) : 0;
	size_t size = to->left;

	if (err)
		return err;
	if (offset >= f->text.length)
		return 0;
	if (size > f->text.length - offset)
		size = f->text.length - offset;
	err = transfer_out(to, f->text.at + offset, size);
	return err ? err : (int64_t)size;
}

static void proc_file_release(struct file *file)
{
	struct proc_file *f = file->private;

	text_free(&f->text);
	kfree(f);
}

static const struct file_ops proc_file_ops = {
	.read = proc_file_read,
	.release = proc_file_release,
};

static int64_t proc_open_text(struct file *file, proc_writer writer, int pid)
{
	struct proc_file *f = kzalloc(sizeof *f);

	if (f == NULL)
		return -ENOMEM;
	f->writer = writer;
	f->pid = pid;
	file->ops = &proc_file_ops;
	file->private = f;
	return 0;
}

static int64_t proc_open_system(struct inode *inode, struct file *file)
{
	return proc_open_text(file, (proc_writer)node_of(inode)->data, 0);
}

static const struct inode_ops system_ops = {
	.open = proc_open_system,
};

bool proc_add_file(const char *name, proc_writer writer)
{
	struct node *node =
		tree_add(proc, name, strlen(name), S_IFREG | 0444, &system_ops);

	if (node)
		node->data = (const void *)writer;
	return node != NULL;
}

// ---- a process's directory ----

static struct proc_inode *proc_inode_of(struct inode *inode)
{
	return (struct proc_inode *)inode;
}

static void proc_release(struct inode *inode)
{
	kfree(inode);
}

static int64_t proc_inode_new(int pid, const struct report *report,
                              uint32_t mode, const struct inode_ops *ops,
                              struct inode **out)
{
	struct proc_inode *p = kzalloc(sizeof *p);

	if (p == NULL)
		return -ENOMEM;
	inode_init(&p->inode, ops, mode);
	p->inode.ino = proc_ino(pid, report);
	p->inode.device = proc->inode.device;
	p->pid = pid;
	p->report = report;
	*out = &p->inode;
	return 0;
}

static int64_t proc_open_report(struct inode *inode, struct file *file)
{
	struct proc_inode *p = proc_inode_of(inode);

	return proc_open_text(file, p->report->writer, p->pid);
}

static const struct inode_ops report_ops = {
	.open = proc_open_report,
	.release = proc_release,
};

static int64_t process_lookup(struct inode *dir, const char *name, size_t size,
                              struct inode **out)
{
	int pid = proc_inode_of(dir)->pid;

	if (size == 2 && name[0] == '.' && name[1] == '.') {
		inode_get(&proc->inode);
		*out = &proc->inode;
		return 0;
	}
	if (process_find(pid) == NULL)
		return -ENOENT;
	for (const struct report *r = process_reports; r->name; r++)
		if (strlen(r->name) == size && !memcmp(r->name, name, size))
			return proc_inode_new(pid, r, S_IFREG | 0444,
			                      &report_ops, out);
	return -ENOENT;
}

static int64_t process_list(struct inode *dir, uint64_t from, entry_sink sink,
                            void *arg)
{
	int pid = proc_inode_of(dir)->pid;
	uint64_t place = 2;

	if (process_find(pid) == NULL)
		return -ENOENT;
	if (from < 1 &&
	    !sink(arg, &(struct entry){ ".", 1, dir->ino, S_IFDIR, 1 }))
		return 0;
	if (from < 2 &&
	    !sink(arg, &(struct entry){ "..", 2, proc->inode.ino, S_IFDIR, 2 }))
		return 0;
	for (const struct report *r = process_reports; r->name; r++) {
		struct entry entry = { r->name, strlen(r->name),
			               proc_ino(pid, r), S_IFREG, ++place };

		if (place > from && !sink(arg, &entry))
			return 0;
	}
	return 0;
}

static const struct inode_ops process_ops = {
	.lookup = process_lookup,
	.list = process_list,
	.release = proc_release,
};

// ---- the root ----

static int64_t self_readlink(struct inode *link, char *to)
{
	memcpy(to, proc_inode_of(link)->link, link->size);
	return 0;
}

static const struct inode_ops self_ops = {
	.readlink = self_readlink,
	.release = proc_release,
};

// Who asks: /proc is only walked by system calls.
static int64_t self_lookup(struct inode **out)
{
	int pid = process_running()->tgid;
	int64_t err = proc_inode_new(pid, NULL, S_IFLNK | 0777, &self_ops, out);

	if (!err)
		(*out)->size =
			format(proc_inode_of(*out)->link,
		               sizeof proc_inode_of(*out)->link, "%d", pid);
	return err;
}

// A number without leading zeroes; 0: not one.
static int pid_of(const char *name, size_t size)
{
	int pid = 0;

	if (size > 7 || name[0] == '0')
		return 0;
	for (size_t i = 0; i < size; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		pid = 10 * pid + name[i] - '0';
	}
	return pid;
}

static int64_t proc_lookup(struct inode *dir, const char *name, size_t size,
                           struct inode **out)
{
	int pid = pid_of(name, size);

	if (size == 4 && !memcmp(name, "self", 4))
		return self_lookup(out);
	if (pid == 0)
		return tree_lookup(dir, name, size, out);
	if (process_find(pid) == NULL)
		return -ENOENT;
	return proc_inode_new(pid, NULL, S_IFDIR | 0555, &process_ops, out);
}

// Processes follow the fixed names, in the order of their birth.  A cursor is
// the pid of the last one told of; should it be gone, the next higher one.
static struct list *proc_after(uint64_t from)
{
	int pid = from < TREE_CURSORS ? 0 : from - TREE_CURSORS;
	struct process *last = pid ? process_find(pid) : NULL;

	if (last)
		return last->all.next;
	LIST_EACH(node, &processes)
		if (container_of(node, struct process, all)->pid > pid)
			return node;
	return &processes;
}

static int64_t proc_list(struct inode *dir, uint64_t from, entry_sink sink,
                         void *arg)
{
	if (from < TREE_CURSORS && !tree_list(node_of(dir), from, sink, arg))
		return 0;
	for (struct list *node = proc_after(from); node != &processes;
	     node = node->next) {
		struct process *p = container_of(node, struct process, all);
		char name[16];
		struct entry entry = { name, 0, proc_ino(p->pid, NULL), S_IFDIR,
			               TREE_CURSORS + p->pid };

		if (p->pid != p->tgid) // a thread
			continue;
		entry.size = format(name, sizeof name, "%d", p->pid);
		if (!sink(arg, &entry))
			return 0;
	}
	return 0;
}

static const struct inode_ops root_ops = {
	.lookup = proc_lookup,
	.list = proc_list,
};

void proc_init(void)
{
	struct inode *on;
	bool ok;

	proc = tree_new();
	if (proc == NULL || path_lookup(NULL, NULL, "/proc", 0, &on) ||
	    mount_add(on, &proc->inode, "/proc", "proc", "ro"))
		panic("no /proc");
	proc->inode.ops = &root_ops;
	proc->inode.mode = S_IFDIR | 0555;
	ok = tree_add(proc, "self", 4, S_IFLNK | 0777, &self_ops) != NULL;
	for (const struct report *r = system_reports; r->name; r++)
		ok = ok && proc_add_file(r->name, r->writer);
	if (!ok)
		panic("no memory for /proc");
}
