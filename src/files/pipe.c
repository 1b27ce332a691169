#include "files/pipe.h"
#include "files/io.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "process/deliver.h"
#include "process/user.h"

#define PAGES (PIPE_SIZE / PAGE_SIZE)

// A reader that waits, and the one piece of memory that it wants filled: what
// is written goes there without a stop in the ring.  It holds as long as the
// reader is the first who waits.
struct offer {
	struct future *future;
	uint64_t at;
	size_t size;
};

// Positions count bytes since the pipe was made; what lies in [tail, head) was
// written and not read.
struct pipe {
	uint64_t head, tail;
	size_t size; // of the ring: a power of two, whole pages
	uint32_t readers, writers; // open files
	bool had_reader, had_writer; // since the other side opened it
	bool handed; // the last write went to a reader that waited
	struct waker filled; // readers wait: there are bytes, or no writers
	struct offer offer;
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

static struct future nobody; // makes the offer that there is none

static void pipe_offer(struct pipe *pipe, struct future *future, uint64_t at,
                       size_t size)
{
	pipe->offer = (struct offer){ future, at, size };
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
static int64_t pipe_read_nothing(struct pipe *pipe, struct transfer *to)
{
	if (pipe->writers == 0 && pipe->had_writer)
		return 0;
	if (waker_idle(&pipe->filled)) {
		bool whole = to->piece->size >= to->left;

		pipe_offer(pipe, whole ? to->future : &nobody, to->piece->at,
		           to->left);
	} else if (pipe->offer.future == to->future) {
		// Of an earlier call that was interrupted, while somebody
		// else came first.
		pipe->offer.future = &nobody;
	}
	return pipe_wait(to, &pipe->filled);
}

static int64_t pipe_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = pipe_used(pipe), done = 0;
	(void)offset;

	if (size == 0)
		return pipe_read_nothing(pipe, to);
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

static bool pipe_offered(const struct pipe *pipe)
{
	return pipe->filled.waits.next == &pipe->offer.future->waiting.node &&
	       future_only_waits(pipe->offer.future);
}

// Copies to where the reader wants it, as far as its memory is there; bytes.
// It does not know yet.
static size_t pipe_hand(const struct pipe *pipe, struct transfer *from,
                        int64_t *err)
{
	const struct offer *offer = &pipe->offer;
	struct space *space = space_of(offer->future->call.process);
	size_t size = from->left < offer->size ? from->left : offer->size;
	size_t done = 0;

	while (done < size) {
		size_t part = page_part(offer->at + done, size - done);
		char *to = space_reach(space, offer->at + done, USER_WRITE);

		if (to == NULL)
			break;
		*err = transfer_in(from, to, part);
		if (*err)
			break;
		done += part;
	}
	return done;
}

// The same into the ring.
static size_t pipe_fill(struct pipe *pipe, struct transfer *from, size_t size,
                        int64_t *err)
{
	size_t done = 0;

	while (done < size) {
		uint64_t at = pipe->head + done;
		size_t part = page_part(at, size - done);
		char **slot = pipe_slot(pipe, at);

		if (*slot == NULL && !memory_scarce())
			*slot = page_alloc(0);
		*err = *slot ? transfer_in(from, *slot + at % PAGE_SIZE, part)
		             : -ENOMEM;
		if (*err)
			break;
		done += part;
	}
	return done;
}

// A reader that was just served will be back for more, most likely: a writer
// of much lets it, once, for handing over is half the work of storing.
static bool pipe_should_yield(struct pipe *pipe, struct transfer *from)
{
	if (!pipe->handed || from->left < PIPE_BUF || !from->may_wait ||
	    from->future->phase || !waker_idle(&pipe->filled))
		return false;
	from->future->phase = 1;
	return true;
}

// All of up to PIPE_BUF bytes, or as much as there is room for.
static int64_t pipe_write(struct file *file, struct transfer *from,
                          uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = from->left, least = size <= PIPE_BUF ? size : 1;
	size_t room = pipe_room(pipe), handed = 0, filled = 0;
	int64_t err = 0;
	(void)offset;

	if (pipe->readers == 0 && pipe->had_reader)
		return pipe_broken(from);
	if (room < least || pipe->readers == 0)
		return pipe_wait(from, &pipe->freed);
	if (size > room)
		size = room;
	if (pipe_should_yield(pipe, from))
		return future_behind(from->future);
	if (pipe_offered(pipe))
		handed = pipe_hand(pipe, from, &err);
	if (!err && handed < size)
		filled = pipe_fill(pipe, from, size - handed, &err);
	if (err == PENDING || (err && handed + filled < least))
		return err;
	pipe->head += filled;
	pipe->handed = handed && !filled;
	if (handed)
		io_complete(pipe->offer.future, handed);
	if (filled)
		wake_all(&pipe->filled);
	return handed + filled;
}

// ---- a byte for one who waits for it: all that two processes that talk do ----

// The first read() of a pipe that is empty.
static int64_t pipe_read_call(struct call *call, struct file *file)
{
	struct future *future = future_of(call);
	struct pipe *pipe = file->private;
	uint64_t size = call->arg[2];

	if (pipe_used(pipe) || pipe->writers == 0 || size - 1 >= PIPE_SIZE ||
	    (file->flags & O_NONBLOCK) || !waker_idle(&pipe->filled))
		return io_read(call, file);
	pipe_offer(pipe, future, call->arg[1], size);
	io_keep(future, file);
	return future_wait_first(future, &pipe->filled, sys_read);
}

#define QUICK 16 // bytes

// Whether a reader can be given its bytes in a few steps.
static inline bool quick_reader(struct future *reader)
{
	struct file *file = reader->object;

	return future_is_quick(reader) && file->refs > 1;
}

// A write() of a few bytes to one who waits for as many; no function is called
// on the way.
static int64_t pipe_write_call(struct call *call, struct file *file)
{
	struct pipe *pipe = file->private;
	struct future *reader = pipe->offer.future;
	uint64_t size = call->arg[2], at = call->arg[1];
	uint64_t to_at = pipe->offer.at, most = pipe->offer.size;
	const char *from;
	char *to;

	if (pipe->filled.waits.next != &reader->waiting.node ||
	    size - 1 >= QUICK || size > most || !quick_reader(reader) || size > PAGE_SIZE - at % PAGE_SIZE ||
	    size > PAGE_SIZE - to_at % PAGE_SIZE)
		return io_write(call, file);
	from = space_cached(space_of(call->process), at, USER_READ);
	if (from == NULL)
		return io_write(call, file);
	to = space_cached(space_of(reader->call.process), to_at, USER_WRITE);
	if (to == NULL)
		return io_write(call, file);
	((struct file *)reader->object)->refs--;
	future_complete_quick(reader, size);
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
	return size;
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

static size_t pipe_held(const struct file *file)
{
	return (pipe_used(file->private) + PAGE_SIZE - 1) / PAGE_SIZE;
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
	pipe->offer.future = &nobody;
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

static const struct file_ops reader_ops = {
	.read = pipe_read,
	.read_call = pipe_read_call,
	.held = pipe_held,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
	.stream = true,
};

static const struct file_ops writer_ops = {
	.write = pipe_write,
	.write_call = pipe_write_call,
	.held = pipe_held,
	.ioctl = pipe_ioctl,
	.release = pipe_release,
	.stream = true,
};

static const struct file_ops both_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.ioctl = pipe_ioctl,
	.held = pipe_held,
	.release = pipe_release,
	.stream = true,
};

static const struct file_ops *const ops_of[] = {
	[O_RDONLY] = &reader_ops,
	[O_WRONLY] = &writer_ops,
	[O_RDWR] = &both_ops,
	[O_ACCMODE] = &both_ops,
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
	file->ops = ops_of[file->flags & O_ACCMODE];
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
