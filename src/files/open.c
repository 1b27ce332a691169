#include "files/open.h"
#include "files/file.h"
#include "files/mapping.h"
#include "files/path.h"
#include "files/place.h"
#include "lib/errno.h"
#include "process/wait.h"

enum { SEEK_SET,
       SEEK_CUR,
       SEEK_END,
       SEEK_DATA,
       SEEK_HOLE };

// What the flags demand of the file.
static int64_t open_check(const struct inode *inode, uint32_t flags)
{
	bool write = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
	bool directory = inode_is(inode, S_IFDIR);

	if ((flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST;
	if (inode_is(inode, S_IFLNK) && !(flags & O_PATH))
		return -ELOOP;
	if ((flags & O_DIRECTORY) && !directory)
		return -ENOTDIR;
	if (flags & O_PATH)
		return 0;
	if (directory && (write || (flags & O_CREAT)))
		return -EISDIR;
	if (write && inode_is(inode, S_IFREG) && !inode->ops->writable)
		return -EROFS;
	return 0;
}

#define MODE_BITS 07777

static int64_t open_create(struct process *process, const struct path_end *end,
                           uint32_t mode, struct inode **out)
{
	const struct inode_ops *ops = end->directory->ops;

	if (end->slash)
		return -EISDIR;
	if (ops->create == NULL)
		return -EROFS;
	mode &= MODE_BITS & ~place_umask(process);
	return ops->create(end, S_IFREG | mode, out);
}

// The file that is there, as the flags want it.
static int64_t open_found(struct call *call, struct inode *inode, uint32_t flags)
{
	int64_t err = open_check(inode, flags);

	if (!err && (flags & O_TRUNC) && inode_is(inode, S_IFREG))
		err = mapping_resize(call, inode, 0);
	if (err)
		inode_put(inode);
	return err;
}

// Finds the file, or makes it.
static int64_t open_find(struct call *call, uint64_t dirfd, uint64_t path,
                         uint32_t flags, uint32_t mode, struct inode **out)
{
	bool nofollow =
		(flags & O_NOFOLLOW) || ((flags & O_CREAT) && (flags & O_EXCL));
	unsigned how = nofollow ? PATH_NOFOLLOW : 0;
	struct process *process = call->process;
	struct path_end end;
	int64_t err;

	if (flags & O_CREAT)
		err = path_create_at(process, dirfd, path, how, &end, out);
	else
		err = path_lookup_at(process, dirfd, path, how, out);
	if (err)
		return err;
	if (*out)
		return open_found(call, *out, flags);
	err = open_create(process, &end, mode, out);
	inode_put(end.directory);
	return err;
}

// First everything that can fail, the descriptor last.
int64_t open_at(struct call *call, uint64_t dirfd, uint64_t path,
                uint32_t flags, uint32_t mode)
{
	struct process *process = call->process;
	int64_t fd = file_slot(process, 0), err;
	struct inode *inode;
	struct file *file;

	if (fd < 0)
		return fd;
	if (flags & O_PATH) // the others mean nothing then
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	err = open_find(call, dirfd, path, flags, mode, &inode);
	if (err)
		return err;
	err = file_open(inode, flags & ~O_OPENING, &file);
	inode_put(inode);
	if (err)
		return err;
	file_set(process, fd, file, flags & O_CLOEXEC);
	return fd;
}

static int64_t sys_openat(struct call *call)
{
	return open_at(call, call->arg[0], call->arg[1], call->arg[2],
	               call->arg[3]);
}

// The descriptor is free whatever becomes of the file: so says Linux, and so
// there is no error to be had after which it is unclear.
static int64_t sys_close(struct call *call)
{
	struct file *file = file_take(call->process, call->arg[0]);

	if (file == NULL)
		return -EBADF;
	file_put(file);
	return 0;
}

// Where an offset is counted from; files here have no holes.
static int64_t seek_base(const struct file *file, uint64_t whence,
                         int64_t offset, int64_t *base)
{
	int64_t size = file->inode->size;

	*base = 0;
	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		*base = file->offset;
		return 0;
	case SEEK_END:
		*base = size;
		return 0;
	case SEEK_DATA:
		return offset < 0 || offset >= size ? -ENXIO : 0;
	case SEEK_HOLE:
		*base = size - offset;
		return offset < 0 || offset >= size ? -ENXIO : 0;
	}
	return -EINVAL;
}

static int64_t sys_lseek(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);
	int64_t offset = call->arg[1], base, err;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->ops->stream)
		return -ESPIPE;
	err = seek_base(file, call->arg[2], offset, &base);
	if (err)
		return err;
	if (__builtin_add_overflow(base, offset, &offset) || offset < 0)
		return -EINVAL;
	file->offset = offset;
	return offset;
}

static int64_t sys_ioctl(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);
	int64_t result;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->ops->ioctl == NULL)
		return -ENOTTY;
	result = file->ops->ioctl(file, call->process, (uint32_t)call->arg[1],
	                          call->arg[2]);
	// From a terminal, to a process in the background: it stops first.
	if (result == FUTURE_RESTART)
		return future_again(future_of(call));
	return result;
}

// Where nothing is said of it, what is written is where it belongs already.
static int64_t open_sync(struct call *call, bool data_only)
{
	struct file *file = file_of(call->process, call->arg[0]);
	struct future *future = future_of(call);
	struct sync_goal goal = { future->phase, future->goal };
	int64_t err;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->inode->ops->sync == NULL)
		return file->ops->stream ? -EINVAL : 0;
	err = file->inode->ops->sync(file->inode, data_only, &goal);
	if (err == PENDING) {
		future->phase = goal.step;
		future->goal = goal.value;
	}
	return err;
}

static int64_t sys_fsync(struct call *call)
{
	return open_sync(call, false);
}

static int64_t sys_fdatasync(struct call *call)
{
	return open_sync(call, true);
}

int64_t (*open_sync_all)(struct future *future);

static int64_t sys_sync(struct call *call)
{
	return open_sync_all ? open_sync_all(future_of(call)) : 0;
}

static const struct syscall rows[] = {
	SYSCALL(29, ioctl, sys_ioctl, "fd int ptr"),
	SYSCALL(56, openat, sys_openat, "fd path flags int"),
	SYSCALL(57, close, sys_close, "fd"),
	SYSCALL(62, lseek, sys_lseek, "fd int int"),
	SYSCALL(81, sync, sys_sync, "none"),
	SYSCALL(82, fsync, sys_fsync, "fd"),
	SYSCALL(83, fdatasync, sys_fdatasync, "fd"),
};

void open_init(void)
{
	SYSCALL_REGISTER(rows);
}
