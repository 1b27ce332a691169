#include "files/change.h"
#include "files/mount.h"
#include "files/path.h"
#include "files/place.h"
#include "files/stat.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/user.h"

#define AT_REMOVEDIR 0x200
#define MODE_BITS 07777

// ---- new entries ----

// Nothing must be there; a slash behind the name is for directories only.
static int64_t new_check(const struct path_end *end, bool directory)
{
	struct inode *inode;
	int64_t err;

	if (path_is_special(end))
		return -EEXIST;
	err = path_step(end->directory, end->name, end->size, &inode);
	if (err == -ENOENT)
		return end->slash && !directory ? -ENOENT : 0;
	if (!err)
		inode_put(inode);
	return err ? err : -EEXIST;
}

static int64_t new_at(struct process *process, uint64_t dirfd, uint64_t path,
                      bool directory, struct path_end *end)
{
	int64_t err = path_parent_at(process, dirfd, path, end);

	if (err)
		return err;
	err = new_check(end, directory);
	if (err)
		inode_put(end->directory);
	return err;
}

static int64_t change_create(struct process *process, uint64_t dirfd,
                             uint64_t path, uint32_t mode)
{
	bool directory = (mode & S_IFMT) == S_IFDIR;
	struct inode *inode;
	struct path_end end;
	int64_t err = new_at(process, dirfd, path, directory, &end);

	if (err)
		return err;
	err = -EROFS;
	if (end.directory->ops->create)
		err = end.directory->ops->create(
			&end, mode & ~place_umask(process), &inode);
	if (!err)
		inode_put(inode);
	inode_put(end.directory);
	return err;
}

int64_t change_mkdir(struct process *process, uint64_t dirfd, uint64_t path,
                     uint32_t mode)
{
	return change_create(process, dirfd, path,
	                     S_IFDIR | (mode & MODE_BITS));
}

static int64_t sys_mkdirat(struct call *call)
{
	return change_mkdir(call->process, call->arg[0], call->arg[1],
	                    call->arg[2]);
}

// Devices are where the kernel puts them.
static int64_t sys_mknodat(struct call *call)
{
	uint32_t mode = call->arg[2], type = mode & S_IFMT;

	if (type == 0)
		type = S_IFREG;
	if (type != S_IFREG && type != S_IFIFO)
		return -EPERM;
	return change_create(call->process, call->arg[0], call->arg[1],
	                     type | (mode & MODE_BITS));
}

static int64_t sys_symlinkat(struct call *call)
{
	static char target[PATH_LONGEST] __attribute__((section(".noinit")));
	struct path_end end;
	int64_t size = user_copy_string(call->process, target, call->arg[0],
	                                sizeof target);
	int64_t err;

	if (size < 0)
		return size;
	if (size == 0)
		return -ENOENT;
	err = new_at(call->process, call->arg[1], call->arg[2], false, &end);
	if (err)
		return err;
	err = -EROFS;
	if (end.directory->ops->symlink)
		err = end.directory->ops->symlink(&end, target, size);
	inode_put(end.directory);
	return err;
}

static int64_t link_new(struct process *process, uint64_t dirfd, uint64_t path,
                        struct inode *inode)
{
	struct path_end end;
	int64_t err = new_at(process, dirfd, path, false, &end);

	if (err)
		return err;
	if (end.directory->device != inode->device)
		err = -EXDEV;
	else if (end.directory->ops->link == NULL)
		err = -EROFS;
	else if (inode_is(inode, S_IFDIR))
		err = -EPERM;
	else
		err = end.directory->ops->link(&end, inode);
	inode_put(end.directory);
	return err;
}

int64_t change_link(struct process *process, uint64_t from_dirfd, uint64_t from,
                    uint64_t to_dirfd, uint64_t to, uint32_t flags)
{
	unsigned how = (flags & AT_SYMLINK_FOLLOW ? 0 : PATH_NOFOLLOW) |
	               (flags & AT_EMPTY_PATH ? PATH_EMPTY : 0);
	struct inode *inode;
	int64_t err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = path_lookup_at(process, from_dirfd, from, how, &inode);
	if (err)
		return err;
	err = link_new(process, to_dirfd, to, inode);
	inode_put(inode);
	return err;
}

static int64_t sys_linkat(struct call *call)
{
	return change_link(call->process, call->arg[0], call->arg[1],
	                   call->arg[2], call->arg[3], call->arg[4]);
}

// ---- entries that go ----

static int64_t unlink_check(const struct path_end *end, struct inode *inode,
                            bool directory)
{
	bool is = inode_is(inode, S_IFDIR);

	if (is && !directory)
		return -EISDIR;
	if (!is && (directory || end->slash))
		return -ENOTDIR;
	if (mount_is_root(inode))
		return -EBUSY;
	return end->directory->ops->unlink ? 0 : -EROFS;
}

// Why one that has no real name cannot go.
static int64_t unlink_special(const struct path_end *end, bool directory)
{
	if (!directory)
		return -EISDIR;
	if (end->size == 0)
		return -EBUSY;
	return end->size == 1 ? -EINVAL : -ENOTEMPTY;
}

static int64_t unlink_end(const struct path_end *end, bool directory)
{
	struct inode *inode;
	int64_t err;

	if (path_is_special(end))
		return unlink_special(end, directory);
	err = path_step(end->directory, end->name, end->size, &inode);
	if (err)
		return err;
	err = unlink_check(end, inode, directory);
	if (!err)
		err = end->directory->ops->unlink(end, inode);
	inode_put(inode);
	return err;
}

int64_t change_unlink(struct process *process, uint64_t dirfd, uint64_t path,
                      uint32_t flags)
{
	struct path_end end;
	int64_t err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	err = path_parent_at(process, dirfd, path, &end);
	if (err)
		return err;
	err = unlink_end(&end, flags & AT_REMOVEDIR);
	inode_put(end.directory);
	return err;
}

static int64_t sys_unlinkat(struct call *call)
{
	return change_unlink(call->process, call->arg[0], call->arg[1],
	                     call->arg[2]);
}

static const struct syscall rows[] = {
	SYSCALL(33, mknodat, sys_mknodat, "fd path int int"),
	SYSCALL(34, mkdirat, sys_mkdirat, "fd path int"),
	SYSCALL(35, unlinkat, sys_unlinkat, "fd path flags"),
	SYSCALL(36, symlinkat, sys_symlinkat, "str fd path"),
	SYSCALL(37, linkat, sys_linkat, "fd path fd path flags"),
};

void change_init(void)
{
	SYSCALL_REGISTER(rows);
}
