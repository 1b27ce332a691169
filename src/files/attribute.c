#include "files/attribute.h"
#include "files/file.h"
#include "files/mapping.h"
#include "files/path.h"
#include "files/stat.h"
#include "lib/errno.h"
#include "machine/clock.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/user.h"

// ---- the size ----

static int64_t resize(struct call *call, struct inode *inode, uint64_t size)
{
	if (inode_is(inode, S_IFDIR))
		return -EISDIR;
	if (!inode_is(inode, S_IFREG))
		return -EINVAL;
	return inode->ops->resize ? mapping_resize(call, inode, size) : -EROFS;
}

static int64_t sys_truncate(struct call *call)
{
	struct inode *inode;
	int64_t err;

	if ((int64_t)call->arg[1] < 0)
		return -EINVAL;
	err = path_lookup_at(call->process, AT_FDCWD, call->arg[0], 0, &inode);
	if (err)
		return err;
	err = resize(call, inode, call->arg[1]);
	inode_put(inode);
	return err;
}

static int64_t sys_ftruncate(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if ((int64_t)call->arg[1] < 0 || !file_writable(file) ||
	    !inode_is(file->inode, S_IFREG))
		return -EINVAL;
	return resize(call, file->inode, call->arg[1]);
}

// ---- the rest ----

static int64_t change(struct inode *inode, const struct attributes *to)
{
	return inode->ops->change ? inode->ops->change(inode, to) : -EROFS;
}

static int64_t change_at(struct call *call, uint64_t dirfd, uint64_t path,
                         uint32_t flags, const struct attributes *to)
{
	unsigned how = (flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0) |
	               (flags & AT_EMPTY_PATH ? PATH_EMPTY : 0);
	struct inode *inode;
	int64_t err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = path_lookup_at(call->process, dirfd, path, how, &inode);
	if (err)
		return err;
	err = change(inode, to);
	inode_put(inode);
	return err;
}

static int64_t change_open(struct call *call, uint64_t fd,
                           const struct attributes *to)
{
	struct file *file = file_of(call->process, fd);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	return change(file->inode, to);
}

static int64_t sys_fchmod(struct call *call)
{
	struct attributes to = { CHANGE_MODE, .mode = call->arg[1] };

	return change_open(call, call->arg[0], &to);
}

static int64_t sys_fchmodat(struct call *call)
{
	struct attributes to = { CHANGE_MODE, .mode = call->arg[2] };

	return change_at(call, call->arg[0], call->arg[1], 0, &to);
}

// -1 leaves the owner, or the group, as it is.
static struct attributes owner(uint32_t uid, uint32_t gid)
{
	return (struct attributes){
		.which = (uid != UINT32_MAX ? CHANGE_UID : 0) |
		         (gid != UINT32_MAX ? CHANGE_GID : 0),
		.uid = uid,
		.gid = gid,
	};
}

static int64_t sys_fchown(struct call *call)
{
	struct attributes to = owner(call->arg[1], call->arg[2]);

	return change_open(call, call->arg[0], &to);
}

static int64_t sys_fchownat(struct call *call)
{
	struct attributes to = owner(call->arg[2], call->arg[3]);

	return change_at(call, call->arg[0], call->arg[1], call->arg[4], &to);
}

// ---- times ----

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

static int64_t time_of(struct timespec t, uint64_t *ns, bool *omit)
{
	*omit = t.nanoseconds == UTIME_OMIT;
	if (t.nanoseconds == UTIME_NOW)
		*ns = clock_realtime();
	else if (t.nanoseconds < 0 || t.nanoseconds >= (int64_t)NANOSECONDS)
		return *omit ? 0 : -EINVAL;
	else
		*ns = t.seconds < 0 ? 0 : t.seconds * NANOSECONDS +
		                                  t.nanoseconds;
	return 0;
}

// Two times in user memory, or now for both.
static int64_t times_copy_in(struct call *call, uint64_t address,
                             struct attributes *to)
{
	struct timespec t[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	bool keep_atime, keep_mtime;
	int64_t err = 0;

	if (address)
		err = user_copy_in(call->process, t, address, sizeof t);
	if (!err)
		err = time_of(t[0], &to->atime, &keep_atime);
	if (!err)
		err = time_of(t[1], &to->mtime, &keep_mtime);
	if (err)
		return err;
	to->which = (keep_atime ? 0 : CHANGE_ATIME) |
	            (keep_mtime ? 0 : CHANGE_MTIME);
	return 0;
}

// Without a path the descriptor's own file is meant.
static int64_t sys_utimensat(struct call *call)
{
	struct attributes to = { 0 };
	int64_t err = times_copy_in(call, call->arg[2], &to);

	if (err)
		return err;
	if (call->arg[1] == 0)
		return change_open(call, call->arg[0], &to);
	return change_at(call, call->arg[0], call->arg[1], call->arg[3], &to);
}

static const struct syscall rows[] = {
	SYSCALL(45, truncate, sys_truncate, "path int"),
	SYSCALL(46, ftruncate, sys_ftruncate, "fd int"),
	SYSCALL(52, fchmod, sys_fchmod, "fd int"),
	SYSCALL(53, fchmodat, sys_fchmodat, "fd path int"),
	SYSCALL(54, fchownat, sys_fchownat, "fd path int int flags"),
	SYSCALL(55, fchown, sys_fchown, "fd int int"),
	SYSCALL(88, utimensat, sys_utimensat, "fd path? in:32? flags"),
};

void attribute_init(void)
{
	SYSCALL_REGISTER(rows);
}
