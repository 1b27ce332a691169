#include "files/fifo.h"
#include "files/pipe.h"
#include "lib/errno.h"
#include "memory/heap.h"

// ---- what is asked of an open end ----

#define FIONREAD 0x541b

static int64_t fifo_ioctl(struct file *file, struct process *process,
                          uint64_t request, uint64_t arg)
{
	struct pipe *pipe = file->private;
	int32_t used = ring_used(&pipe->ring);

	if (request != FIONREAD)
		return -ENOTTY;
	return user_copy_out(process, arg, &used, sizeof used);
}

static int64_t fifo_resize(struct pipe *pipe, uint64_t wanted)
{
	size_t size = PAGE_SIZE;
	int err;

	if (wanted > PIPE_LARGEST)
		return -EPERM;
	while (size < wanted)
		size *= 2;
	err = ring_resize(&pipe->ring, size);
	if (err)
		return err;
	if (ring_room(&pipe->ring) >= PIPE_BUF)
		wake_all(&pipe->freed);
	return size;
}

static int64_t fifo_control(struct file *file, unsigned command, uint64_t arg)
{
	struct pipe *pipe = file->private;

	switch (command) {
	case F_SETPIPE_SZ:
		return fifo_resize(pipe, (uint32_t)arg);
	case F_GETPIPE_SZ:
		return pipe->ring.size;
	}
	return -EINVAL;
}

static unsigned fifo_poll(struct file *file, unsigned events,
                          struct waiting *waits)
{
	struct pipe *pipe = file->private;
	unsigned ready = 0;

	if (file_readable(file)) {
		if (ring_used(&pipe->ring))
			ready |= POLLIN | POLLRDNORM;
		if (pipe->writers == 0 && pipe->had_writer)
			ready |= POLLHUP;
		if (waits)
			wait_on(&waits[0], &pipe->filled);
	}
	if (file_writable(file)) {
		if (ring_room(&pipe->ring) >= PIPE_BUF)
			ready |= POLLOUT | POLLWRNORM;
		if (pipe->readers == 0 && pipe->had_reader)
			ready |= POLLERR;
		if (waits)
			wait_on(&waits[1], &pipe->freed);
	}
	(void)events;
	return ready;
}

static size_t fifo_held(const struct file *file)
{
	const struct pipe *pipe = file->private;

	return (ring_used(&pipe->ring) + PAGE_MASK) / PAGE_SIZE;
}

// ---- opening and closing ----

// The other side learns that this one is gone; the last one takes what is left
// with it.
static void fifo_release(struct file *file)
{
	struct pipe *pipe = file->private;

	if (file_readable(file) && --pipe->readers == 0)
		wake_all(&pipe->freed);
	if (file_writable(file) && --pipe->writers == 0)
		wake_all(&pipe->filled);
	if (pipe->readers || pipe->writers)
		return;
	file->inode->pipe = NULL;
	ring_free(&pipe->ring);
	kfree(pipe);
}

#define EACH_END            \
	.ioctl = fifo_ioctl,      \
	.control = fifo_control,  \
	.poll = fifo_poll,        \
	.held = fifo_held,        \
	.release = fifo_release,  \
	.stream = true

static const struct file_ops ops[] = {
	[O_RDONLY] = { EACH_END,
	               .read = pipe_read,
	               .read_call = pipe_read_call },
	[O_WRONLY] = { EACH_END,
	               .write = pipe_write,
	               .write_call = pipe_write_call },
	[O_RDWR] = { EACH_END, .read = pipe_read, .write = pipe_write },
	[O_ACCMODE] = { EACH_END },
};

static const struct inode_ops nameless_ops;

// Who opens a FIFO by its name when there is nobody on the other side waits for
// that instead of seeing an end.
static void fifo_attach(struct pipe *pipe, const struct file *file)
{
	bool named = file->inode->ops != &nameless_ops;

	if (file_readable(file)) {
		if (named && pipe->writers == 0)
			pipe->had_writer = false;
		pipe->had_reader = true;
		if (pipe->readers++ == 0)
			wake_all(&pipe->freed);
	}
	if (file_writable(file)) {
		if (named && pipe->readers == 0)
			pipe->had_reader = false;
		pipe->had_writer = true;
		pipe->writers++;
	}
}

int64_t fifo_open(struct inode *inode, struct file *file)
{
	const uint32_t eager = O_WRONLY | O_NONBLOCK;
	struct pipe *pipe = inode->pipe;

	if ((file->flags & (O_ACCMODE | O_NONBLOCK)) == eager &&
	    (pipe == NULL || pipe->readers == 0))
		return -ENXIO;
	if (pipe == NULL) {
		pipe = kzalloc(sizeof *pipe);
		if (pipe == NULL)
			return -ENOMEM;
		pipe_init(pipe);
		inode->pipe = pipe;
	}
	file->ops = &ops[file->flags & O_ACCMODE];
	file->private = pipe;
	fifo_attach(pipe, file);
	return 0;
}

// ---- pipe2() ----

static void nameless_release(struct inode *inode)
{
	kfree(inode);
}

static const struct inode_ops nameless_ops = {
	.open = fifo_open,
	.release = nameless_release,
	.writable = true,
};

static struct inode *nameless_new(void)
{
	static uint32_t device;
	static uint64_t last;
	struct inode *inode = kzalloc(sizeof *inode);

	if (inode == NULL)
		return NULL;
	if (device == 0)
		device = inode_new_device();
	inode_init(inode, &nameless_ops, S_IFIFO | 0600);
	inode->device = device;
	inode->ino = ++last;
	return inode;
}

// Both ends; the reader's first, as the writer finds it there.
static int64_t pipe_ends(uint32_t flags, struct file *end[2])
{
	struct inode *inode = nameless_new();
	int64_t err;

	if (inode == NULL)
		return -ENOMEM;
	err = file_open(inode, O_RDONLY | flags, &end[0]);
	if (!err) {
		err = file_open(inode, O_WRONLY | flags, &end[1]);
		if (err)
			file_put(end[0]);
	}
	inode_put(inode);
	return err;
}

// Two descriptors, which stay free until both files are there.
static int64_t pipe_slots(struct process *process, int32_t fd[2])
{
	int64_t slot = file_slot(process, 0);

	if (slot < 0)
		return slot;
	fd[0] = slot;
	slot = file_slot(process, slot + 1);
	if (slot < 0)
		return slot;
	fd[1] = slot;
	return 0;
}

// O_DIRECT, for packets, is refused.
static int64_t sys_pipe2(struct call *call)
{
	uint32_t flags = call->arg[1];
	struct file *end[2];
	int32_t fd[2];
	int64_t err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = pipe_slots(call->process, fd);
	if (!err)
		err = user_copy_out(call->process, call->arg[0], fd, sizeof fd);
	if (!err)
		err = pipe_ends(flags & O_NONBLOCK, end);
	if (err)
		return err;
	for (int i = 0; i < 2; i++)
		file_set(call->process, fd[i], end[i], flags & O_CLOEXEC);
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(59, pipe2, sys_pipe2, "out:8 flags"),
};

void fifo_init(void)
{
	SYSCALL_REGISTER(rows);
}
