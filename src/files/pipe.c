#include "files/pipe.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "process/deliver.h"
#include "process/user.h"

#define PAGES (PIPE_SIZE / PAGE_SIZE)

// Positions count bytes since the pipe was made; what lies in [tail, head) was
// written and not read.
struct pipe {
	uint64_t head, tail;
	size_t size; // of the ring: a power of two, whole pages
	uint32_t readers, writers; // open files
	bool had_reader, had_writer; // since the other side opened it
	struct waker filled; // readers wait: there are bytes, or no writers
	struct waker freed; // writers wait: there is room, or no readers
	char **frames; // of the ring, NULL where nothing was written
	char *first[PAGES];
};

static size_t pipe_used(const struct pipe *pipe)
{
	return pipe->head - pipe->tail;
}

static size_t pipe_room(const struct pipe *pipe)
{
	return pipe->size - pipe_used(pipe);
}

static char **pipe_slot(const struct pipe *pipe, uint64_t at)
{
	return &pipe->frames[(at & (pipe->size - 1)) / PAGE_SIZE];
}

// What is left of the page at a position, `most` at most.
static size_t page_part(uint64_t at, size_t most)
{
	size_t part = PAGE_SIZE - at % PAGE_SIZE;

	return part < most ? part : most;
}

static int64_t pipe_wait(struct transfer *t, struct waker *waker)
{
	return t->may_wait ? future_wait(t->future, waker) : -EAGAIN;
}

// ---- reading ----

// The frames of pages that are read to their end are let go, unless the ring
// has come round and there are new bytes at their start.
static void pipe_forget(struct pipe *pipe, uint64_t from)
{
	for (from &= ~PAGE_MASK; from + PAGE_SIZE <= pipe->tail;
	     from += PAGE_SIZE) {
		char **slot = pipe_slot(pipe, from);

		if (pipe->head > from + pipe->size)
			continue;
		page_put(*slot);
		*slot = NULL;
	}
}

static void pipe_drop(struct pipe *pipe, size_t size)
{
	uint64_t from = pipe->tail;

	pipe->tail += size;
	if ((from ^ pipe->tail) & ~PAGE_MASK)
		pipe_forget(pipe, from);
	if (pipe_room(pipe) >= PIPE_BUF)
		wake_all(&pipe->freed);
}

// Bytes are gone from the ring only when all of them have arrived; or, should
// a part of the user's memory be bad, those in front of it.
static int64_t pipe_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = pipe_used(pipe), done = 0;
	(void)offset;

	if (size == 0)
		return pipe->writers || !pipe->had_writer
		               ? pipe_wait(to, &pipe->filled)
		               : 0;
	if (size > to->left)
		size = to->left;
	while (done < size) {
		uint64_t at = pipe->tail + done;
		size_t part = page_part(at, size - done);
		int64_t err = transfer_out(
			to, *pipe_slot(pipe, at) + at % PAGE_SIZE, part);

		if (err == PENDING || (err && done == 0))
			return err;
		if (err)
			break;
		done += part;
	}
	pipe_drop(pipe, done);
	return done;
}

// ---- writing ----

static int64_t pipe_broken(struct transfer *from)
{
	struct process *process = from->future->call.process;
	struct siginfo info = { .signal = SIGPIPE, .pid = process->tgid };

	signal_send_thread(process, &info);
	return -EPIPE;
}

// Into the ring's page at a position; nobody sees it there yet.
static int64_t pipe_put(struct pipe *pipe, uint64_t at, struct transfer *from,
                        size_t size)
{
	char **slot = pipe_slot(pipe, at);

	if (*slot == NULL)
		*slot = page_alloc(0);
	if (*slot == NULL)
		return -ENOMEM;
	return transfer_in(from, *slot + at % PAGE_SIZE, size);
}

// All of up to PIPE_BUF bytes, or as much as there is room for.
static int64_t pipe_write(struct file *file, struct transfer *from,
                          uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = from->left, least = size <= PIPE_BUF ? size : 1;
	size_t room = pipe_room(pipe), done = 0;
	(void)offset;

	if (pipe->readers == 0 && pipe->had_reader)
		return pipe_broken(from);
	if (room < least || pipe->readers == 0)
		return pipe_wait(from, &pipe->freed);
	if (size > room)
		size = room;
	while (done < size) {
		uint64_t at = pipe->head + done;
		size_t part = page_part(at, size - done);
		int64_t err = pipe_put(pipe, at, from, part);

		if (err == PENDING || (err && done < least))
			return err;
		if (err)
			break;
		done += part;
	}
	pipe->head += done;
	wake_all(&pipe->filled);
	return done;
}

// ---- what else is asked of a pipe ----

#define FIONREAD 0x541b

static int64_t pipe_ioctl(struct file *file, struct process *process,
                          uint64_t request, uint64_t arg)
{
	int32_t used = pipe_used(file->private);

	if (request != FIONREAD)
		return -ENOTTY;
	return user_copy_out(process, arg, &used, sizeof used);
}

static void frames_put(char **frames, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (frames[i])
			page_put(frames[i]);
}

// ---- opening and closing ----

static struct pipe *pipe_new(void)
{
	struct pipe *pipe = kzalloc(sizeof *pipe);

	if (pipe == NULL)
		return NULL;
	pipe->size = PIPE_SIZE;
	pipe->frames = pipe->first;
	waker_init(&pipe->filled);
	waker_init(&pipe->freed);
	return pipe;
}

static void pipe_free(struct pipe *pipe)
{
	frames_put(pipe->frames, pipe->size / PAGE_SIZE);
	if (pipe->frames != pipe->first)
		kfree(pipe->frames);
	kfree(pipe);
}

// The other side learns that this one is gone.
static void pipe_release(struct file *file)
{
	struct pipe *pipe = file->private;

	if (file_readable(file) && --pipe->readers == 0)
		wake_all(&pipe->freed);
	if (file_writable(file) && --pipe->writers == 0)
		wake_all(&pipe->filled);
	if (pipe->readers || pipe->writers)
		return;
	file->inode->pipe = NULL;
	pipe_free(pipe);
}

static const struct file_ops pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
	.stream = true,
};

static void pipe_attach(struct pipe *pipe, const struct file *file)
{
	if (file_readable(file)) {
		if (pipe->writers == 0)
			pipe->had_writer = false;
		pipe->had_reader = true;
		if (pipe->readers++ == 0)
			wake_all(&pipe->freed);
	}
	if (file_writable(file)) {
		if (pipe->readers == 0)
			pipe->had_reader = false;
		pipe->had_writer = true;
		pipe->writers++;
	}
}

int64_t pipe_open(struct inode *inode, struct file *file)
{
	struct pipe *pipe = inode->pipe;

	if ((file->flags & (O_ACCMODE | O_NONBLOCK)) ==
	            (O_WRONLY | O_NONBLOCK) &&
	    (pipe == NULL || pipe->readers == 0))
		return -ENXIO;
	if (pipe == NULL)
		pipe = pipe_new();
	if (pipe == NULL)
		return -ENOMEM;
	inode->pipe = pipe;
	file->ops = &pipe_ops;
	file->private = pipe;
	pipe_attach(pipe, file);
	return 0;
}

// ---- pipe2() ----

static void nameless_release(struct inode *inode)
{
	kfree(inode);
}

static const struct inode_ops nameless_ops = {
	.open = pipe_open,
	.release = nameless_release,
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

void pipe_init(void)
{
	SYSCALL_REGISTER(rows);
}
