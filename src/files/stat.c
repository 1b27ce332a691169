#include "files/stat.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/path.h"
#include "files/statx.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/user.h"

enum { X_OK = 1,
       W_OK = 2,
       R_OK = 4 };

static unsigned path_flags(uint32_t at_flags)
{
	return (at_flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0) |
	       (at_flags & AT_EMPTY_PATH ? PATH_EMPTY : 0);
}

static int64_t stat_copy_out(struct process *process, uint64_t to,
                             struct inode *inode)
{
	struct stat stat;

	inode_stat(inode, &stat);
	return user_copy_out(process, to, &stat, sizeof stat);
}

int64_t stat_at(struct process *process, uint64_t dirfd, uint64_t path,
                uint64_t to, uint32_t flags)
{
	struct inode *inode;
	int64_t err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	err = path_lookup_at(process, dirfd, path, path_flags(flags), &inode);
	if (err)
		return err;
	err = stat_copy_out(process, to, inode);
	inode_put(inode);
	return err;
}

// fstat() of a C library may come here, with an empty path.
static int64_t sys_newfstatat(struct call *call)
{
	return stat_at(call->process, call->arg[0], call->arg[1], call->arg[2],
	               call->arg[3]);
}

static int64_t sys_fstat(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	if (file == NULL)
		return -EBADF;
	return stat_copy_out(call->process, call->arg[1], file->inode);
}

// There is one user, the superuser: only what no permission can give is
// refused.
static int64_t access_check(const struct inode *inode, uint32_t mode)
{
	bool disk = !inode_is(inode, S_IFCHR) && !inode_is(inode, S_IFIFO);

	if ((mode & W_OK) && disk && !inode->ops->writable)
		return -EROFS;
	if ((mode & X_OK) && !inode_is(inode, S_IFDIR) && !(inode->mode & 0111))
		return -EACCES;
	return 0;
}

int64_t access_at(struct process *process, uint64_t dirfd, uint64_t path,
                  uint32_t mode, uint32_t flags)
{
	struct inode *inode;
	int64_t err;

	if ((mode & ~(R_OK | W_OK | X_OK)) ||
	    (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS | AT_EMPTY_PATH)))
		return -EINVAL;
	err = path_lookup_at(process, dirfd, path, path_flags(flags), &inode);
	if (err)
		return err;
	err = access_check(inode, mode);
	inode_put(inode);
	return err;
}

static int64_t sys_faccessat(struct call *call)
{
	return access_at(call->process, call->arg[0], call->arg[1],
	                 call->arg[2], 0);
}

static int64_t sys_faccessat2(struct call *call)
{
	return access_at(call->process, call->arg[0], call->arg[1],
	                 call->arg[2], call->arg[3]);
}

// The target is cut to the size, and gets no NUL.
static int64_t readlink_copy_out(struct process *process, struct inode *link,
                                 uint64_t to, uint64_t size)
{
	static char target[PATH_LONGEST] __attribute__((section(".noinit")));
	int64_t err;

	if (!inode_is(link, S_IFLNK))
		return -EINVAL;
	if (link->size > sizeof target)
		return -ENAMETOOLONG;
	err = link->ops->readlink(link, target);
	if (err)
		return err;
	if (size > link->size)
		size = link->size;
	err = user_copy_out(process, to, target, size);
	return err ? err : (int64_t)size;
}

static int64_t sys_readlinkat(struct call *call)
{
	struct inode *inode;
	int64_t err;

	// An int for Linux, whatever the C library says.
	if ((int32_t)call->arg[3] <= 0)
		return -EINVAL;
	err = path_lookup_at(call->process, call->arg[0], call->arg[1],
	                     PATH_NOFOLLOW | PATH_EMPTY, &inode);
	if (err)
		return err;
	err = readlink_copy_out(call->process, inode, call->arg[2],
	                        (uint32_t)call->arg[3]);
	inode_put(inode);
	return err;
}

// Linux's generic struct statfs.
struct statfs {
	uint64_t type, block_size, blocks, free, available, files, files_free;
	uint32_t id[2];
	uint64_t name_longest, fragment_size, flags, spare[4];
};

#define RAMFS_MAGIC 0x858458f6
#define ST_RDONLY 0x01
#define ST_VALID 0x20

static int64_t statfs_copy_out(struct process *process, uint64_t to,
                               const struct inode *inode)
{
	struct volume volume = { .type = RAMFS_MAGIC };
	struct statfs s = {
		.block_size = INODE_BLOCK,
		.id = { inode->device },
		.name_longest = NAME_LONGEST,
		.fragment_size = INODE_BLOCK,
		.flags = ST_VALID | (inode->ops->writable ? 0 : ST_RDONLY),
	};

	if (inode->ops->statfs)
		inode->ops->statfs(inode, &volume);
	s.type = volume.type;
	s.blocks = volume.blocks;
	s.free = s.available = volume.free;
	s.files = volume.files;
	s.files_free = volume.files_free;
	return user_copy_out(process, to, &s, sizeof s);
}

static int64_t sys_statfs(struct call *call)
{
	struct inode *inode;
	int64_t err = path_lookup_at(call->process, AT_FDCWD, call->arg[0], 0,
	                             &inode);

	if (err)
		return err;
	err = statfs_copy_out(call->process, call->arg[1], inode);
	inode_put(inode);
	return err;
}

static int64_t sys_fstatfs(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	if (file == NULL)
		return -EBADF;
	return statfs_copy_out(call->process, call->arg[1], file->inode);
}

static const struct syscall rows[] = {
	SYSCALL(43, statfs, sys_statfs, "path out:120"),
	SYSCALL(44, fstatfs, sys_fstatfs, "fd out:120"),
	SYSCALL(48, faccessat, sys_faccessat, "fd path flags"),
	SYSCALL(78, readlinkat, sys_readlinkat, "fd path out:@4 len"),
	SYSCALL(79, newfstatat, sys_newfstatat, "fd path out:128 flags"),
	SYSCALL(80, fstat, sys_fstat, "fd out:128"),
	SYSCALL(439, faccessat2, sys_faccessat2, "fd path flags flags"),
};

void stat_init(void)
{
	SYSCALL_REGISTER(rows);
	statx_init();
}
