#include "files/descriptor.h"
#include "files/file.h"
#include "lib/errno.h"
#include "process/syscall.h"

#define FD_CLOEXEC 1
#define SETFL_FLAGS (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)

// A second descriptor for the file, the lowest from `lowest` on.
static int64_t duplicate(struct process *process, struct file *file,
                         uint64_t lowest, bool close_on_exec)
{
	int64_t fd = file_slot(process, lowest);

	if (fd < 0)
		return fd;
	file_get(file);
	file_set(process, fd, file, close_on_exec);
	return fd;
}

static int64_t sys_dup(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	return file ? duplicate(call->process, file, 0, false) : -EBADF;
}

static int64_t sys_dup3(struct call *call)
{
	struct process *process = call->process;
	uint32_t from = call->arg[0], to = call->arg[1];
	uint64_t flags = (uint32_t)call->arg[2];
	struct file *file = file_of(process, from), *old;
	int64_t fd;

	if ((flags & ~O_CLOEXEC) || from == to)
		return -EINVAL;
	if (file == NULL || to >= FILES_LIMIT)
		return -EBADF;
	// It holds its own, should `to` be all that kept it open.
	file_get(file);
	old = file_take(process, to);
	fd = file_slot(process, to); // makes room
	if (fd >= 0)
		file_set(process, to, file, flags & O_CLOEXEC);
	else
		file_put(file);
	if (old)
		file_put(old);
	return fd;
}

// Of the open file, so all its descriptors see them. The access mode stays.
static int64_t set_flags(struct file *file, uint32_t flags)
{
	file->flags = (file->flags & ~SETFL_FLAGS) | (flags & SETFL_FLAGS);
	return 0;
}

static int64_t sys_fcntl(struct call *call)
{
	struct process *process = call->process;
	uint32_t fd = call->arg[0], command = call->arg[1];
	uint64_t arg = call->arg[2];
	struct file *file = file_of(process, fd);

	if (file == NULL)
		return -EBADF;
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if ((uint32_t)arg >= FILES_LIMIT)
			return -EINVAL;
		return duplicate(process, file, (uint32_t)arg,
		                 command == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return file_closes_on_exec(process, fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		file_close_on_exec(process, fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return file->flags;
	case F_SETFL:
		return file->flags & O_PATH ? -EBADF : set_flags(file, arg);
	}
	if (file->ops->control)
		return file->ops->control(file, command, arg);
	return -EINVAL;
}

static const struct syscall rows[] = {
	SYSCALL(23, dup, sys_dup, "fd"),
	SYSCALL(24, dup3, sys_dup3, "fd fd flags"),
	SYSCALL(25, fcntl, sys_fcntl, "fd int int"),
};

void descriptor_init(void)
{
	SYSCALL_REGISTER(rows);
}
