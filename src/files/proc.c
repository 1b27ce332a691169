#include "files/proc.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/path.h"
#include "files/pid.h"
#include "files/report.h"
#include "files/sheet.h"
#include "files/tree.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/panic.h"

static struct node *proc;

static int64_t proc_open_system(struct inode *inode, struct file *file)
{
	return sheet_open(file, (proc_writer)node_of(inode)->data, 0);
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

// "self" is who asks: only system calls walk here.
static int64_t proc_lookup(struct inode *dir, const char *name, size_t size,
                           struct inode **out)
{
	int pid = pid_of(name, size);

	if (size == 4 && !memcmp(name, "self", 4))
		return pid_link(dir, process_running()->tgid, out);
	if (pid == 0)
		return tree_lookup(dir, name, size, out);
	return pid_directory(dir, pid, out);
}

// Processes follow the fixed names, in the order of their birth.  A cursor is
// the pid of the last one told of; should it be gone, the next higher one.
static struct list *proc_after(uint64_t from)
{
	int pid = from < PID_NUMBERS ? 0 : from - PID_NUMBERS;
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
	if (from < PID_NUMBERS && !tree_list(node_of(dir), from, sink, arg))
		return 0;
	for (struct list *node = proc_after(from); node != &processes;
	     node = node->next) {
		struct process *p = container_of(node, struct process, all);
		char name[16];
		struct entry entry = { name, 0, pid_ino(p->pid), S_IFDIR,
			               PID_NUMBERS + p->pid };

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
	    mount_add(&(struct mount){ on, &proc->inode, "/proc", "proc",
	                               "ro", NULL }))
		panic("no /proc");
	proc->inode.ops = &root_ops;
	proc->inode.mode = S_IFDIR | 0555;
	ok = tree_add(proc, "self", 4, S_IFLNK | 0777, &tree_ops) != NULL;
	for (const struct report *r = system_reports; r->name; r++)
		ok = ok && proc_add_file(r->name, r->writer);
	if (!ok)
		panic("no memory for /proc");
}
