#include "files/change.h"
#include "files/file.h"
#include "files/path.h"
#include "files/stat.h"
#include "lib/errno.h"
#include "process/user.h"

#define AT_REMOVEDIR 0x200

// What has the last name of the path.  *missing says whether only that name is
// not there.  0 and *out with a reference, or an error.
static int64_t change_find(struct process *process, uint64_t dirfd,
                           uint64_t path, struct inode **out, bool *missing)
{
	struct path_end end;
	int64_t err = path_parent_at(process, dirfd, path, &end);

	*missing = false;
	if (err)
		return err;
	if (end.size == 0) { // the root
		*out = end.directory;
		return 0;
	}
	err = path_step(end.directory, end.name, end.size, out);
	inode_put(end.directory);
	*missing = err == -ENOENT;
	return err;
}

// It must be there.
static int64_t change_old(struct process *process, uint64_t dirfd,
                          uint64_t path, bool *directory)
{
	struct inode *inode;
	bool missing;
	int64_t err = change_find(process, dirfd, path, &inode, &missing);

	if (err)
		return err;
	*directory = inode_is(inode, S_IFDIR);
	inode_put(inode);
	return 0;
}

// It is to be made, and must not be there.
static int64_t change_new(struct process *process, uint64_t dirfd,
                          uint64_t path)
{
	struct inode *inode;
	bool missing;
	int64_t err = change_find(process, dirfd, path, &inode, &missing);

	if (err)
		return missing ? -EROFS : err;
	inode_put(inode);
	return -EEXIST;
}

int64_t change_mkdir(struct process *process, uint64_t dirfd, uint64_t path,
                     uint32_t mode)
{
	(void)mode;
	return change_new(process, dirfd, path);
}

int64_t change_unlink(struct process *process, uint64_t dirfd, uint64_t path,
                      uint32_t flags)
{
	bool directory;
	int64_t err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	err = change_old(process, dirfd, path, &directory);
	if (err)
		return err;
	if (directory && !(flags & AT_REMOVEDIR))
		return -EISDIR;
	if (!directory && (flags & AT_REMOVEDIR))
		return -ENOTDIR;
	return -EROFS;
}

int64_t change_link(struct process *process, uint64_t from_dirfd, uint64_t from,
                    uint64_t to_dirfd, uint64_t to, uint32_t flags)
{
	bool directory;
	int64_t err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = change_old(process, from_dirfd, from, &directory);
	return err ? err : change_new(process, to_dirfd, to);
}

static int64_t sys_mkdirat(struct call *call)
{
	return change_mkdir(call->process, call->arg[0], call->arg[1],
	                    call->arg[2]);
}

static int64_t sys_unlinkat(struct call *call)
{
	return change_unlink(call->process, call->arg[0], call->arg[1],
	                     call->arg[2]);
}

static int64_t sys_linkat(struct call *call)
{
	return change_link(call->process, call->arg[0], call->arg[1],
	                   call->arg[2], call->arg[3], call->arg[4]);
}

static int64_t sys_symlinkat(struct call *call)
{
	int64_t err = user_prepare(call->process, call->arg[0], 1, USER_READ);

	if (err)
		return err;
	return change_new(call->process, call->arg[1], call->arg[2]);
}

static int64_t sys_renameat2(struct call *call)
{
	bool directory;
	int64_t err = change_old(call->process, call->arg[0], call->arg[1],
	                         &directory);

	if (err)
		return err;
	err = change_new(call->process, call->arg[2], call->arg[3]);
	return err == -EEXIST ? -EROFS : err;
}

static int64_t sys_truncate(struct call *call)
{
	struct inode *inode;
	bool directory;
	int64_t err;

	if ((int64_t)call->arg[1] < 0)
		return -EINVAL;
	err = path_lookup_at(call->process, AT_FDCWD, call->arg[0], 0, &inode);
	if (err)
		return err;
	directory = inode_is(inode, S_IFDIR);
	inode_put(inode);
	return directory ? -EISDIR : -EROFS;
}

static int64_t sys_ftruncate(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	return -EINVAL; // not open for writing, or no file
}

static const struct syscall rows[] = {
	SYSCALL(34, mkdirat, sys_mkdirat, "fd path int"),
	SYSCALL(35, unlinkat, sys_unlinkat, "fd path flags"),
	SYSCALL(36, symlinkat, sys_symlinkat, "str fd path"),
	SYSCALL(37, linkat, sys_linkat, "fd path fd path flags"),
	SYSCALL(45, truncate, sys_truncate, "path int"),
	SYSCALL(46, ftruncate, sys_ftruncate, "fd int"),
	SYSCALL(276, renameat2, sys_renameat2, "fd path fd path flags"),
};

void change_init(void)
{
	SYSCALL_REGISTER(rows);
}
