#include "files/io.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "process/user.h"
#include "process/wait.h"

// A call on an open file, pass by pass.  What is moved from or to and where in
// the file is worked out anew at each; future->progress is what was moved
// before, and the file is held while the call waits, whoever closes the
// descriptor meanwhile.
struct io {
	struct future *future;
	struct file *file;
	struct transfer transfer;
	bool write;
	bool positioned; // at `offset`, the file's own stays
	uint64_t offset;
};

// What was moved stays moved.
static int64_t io_cancel(struct future *future)
{
	file_put(future->object);
	return future->progress ? (int64_t)future->progress : FUTURE_RESTART;
}

static int64_t io_hold(struct io *io)
{
	struct future *future = io->future;

	if (future->object == NULL) {
		file_get(io->file);
		future->object = io->file;
		future->cancel = io_cancel;
	}
	return PENDING;
}

static int64_t io_finish(struct io *io, int64_t result)
{
	if (io->future->object)
		file_put(io->file);
	return result;
}

// May the call do this to the file at all?
static int64_t io_check(const struct io *io)
{
	const struct file *file = io->file;

	if (file == NULL)
		return -EBADF;
	if (!(io->write ? file_writable(file) : file_readable(file)))
		return -EBADF;
	if (io->positioned && file->ops->stream)
		return -ESPIPE;
	if (io->positioned && io->offset > INT64_MAX)
		return -EINVAL;
	if (io->write ? file->ops->write : file->ops->read)
		return 0;
	return inode_is(file->inode, S_IFDIR) ? -EISDIR : -EINVAL;
}

// What a read has got it keeps; a write goes on waiting until all is written.
static bool io_may_wait(const struct io *io, uint64_t done)
{
	return !(io->file->flags & O_NONBLOCK) && (io->write || done == 0);
}

static int64_t io_move(struct io *io)
{
	struct file *file = io->file;
	uint64_t offset = io->positioned ? io->offset + io->future->progress
	                                 : file->offset;
	int64_t n = io->write ? file->ops->write(file, &io->transfer, offset)
	                      : file->ops->read(file, &io->transfer, offset);

	if (n > 0 && !io->positioned)
		file->offset += n;
	return n;
}

static int64_t io_pass(struct io *io)
{
	uint64_t done = io->future->progress;
	int64_t n;

	transfer_skip(&io->transfer, done);
	io->transfer.may_wait = io_may_wait(io, done);
	n = io_move(io);
	if (n == PENDING)
		return io_hold(io);
	if (n < 0)
		return io_finish(io, done ? (int64_t)done : n);
	done += n;
	if (n == 0 || (uint64_t)n == io->transfer.total ||
	    (!io->write && io->transfer.left))
		return io_finish(io, done);
	io->future->progress = done;
	io_hold(io);
	return future_again(io->future);
}

// Finds the file: the one that is held, or that of the descriptor.
static int64_t io_begin(struct io *io, struct call *call, bool write)
{
	io->future = future_of(call);
	io->write = write;
	io->file = io->future->object;
	if (io->file)
		return 0;
	io->file = file_of(call->process, call->arg[0]);
	return io_check(io);
}

// A bad pointer is an error also where nothing would be moved.
static int64_t io_pass_checked(struct io *io)
{
	struct transfer *t = &io->transfer;
	int64_t err;

	if (t->total == 0)
		return io_finish(io, 0);
	err = transfer_prepare(t, 1, io->write ? USER_READ : USER_WRITE);
	if (err == PENDING)
		return io_hold(io);
	return err ? io_finish(io, err) : io_pass(io);
}

static int64_t io_single(struct call *call, struct io *io)
{
	if (call->arg[2] > INT64_MAX)
		return io_finish(io, -EINVAL);
	transfer_init(&io->transfer, call->process, call->arg[1], call->arg[2]);
	return io_pass_checked(io);
}

static int64_t io_vector(struct call *call, struct io *io)
{
	int64_t result = transfer_init_vector(&io->transfer, call->process,
	                                      call->arg[1], call->arg[2]);

	if (result == PENDING)
		return io_hold(io);
	if (result)
		return io_finish(io, result);
	result = io_pass_checked(io);
	transfer_end(&io->transfer);
	return result;
}

static int64_t io_call(struct call *call, bool write,
                       int64_t (*next)(struct call *call, struct io *io))
{
	struct io io;
	int64_t err;

	io.positioned = false;
	err = io_begin(&io, call, write);
	return err ? err : next(call, &io);
}

static int64_t io_call_at(struct call *call, bool write,
                          int64_t (*next)(struct call *call, struct io *io))
{
	struct io io;
	int64_t err;

	io.positioned = true;
	io.offset = call->arg[3];
	err = io_begin(&io, call, write);
	return err ? err : next(call, &io);
}

static int64_t sys_read(struct call *call)
{
	return io_call(call, false, io_single);
}

static int64_t sys_write(struct call *call)
{
	return io_call(call, true, io_single);
}

static int64_t sys_readv(struct call *call)
{
	return io_call(call, false, io_vector);
}

static int64_t sys_writev(struct call *call)
{
	return io_call(call, true, io_vector);
}

static int64_t sys_pread64(struct call *call)
{
	return io_call_at(call, false, io_single);
}

static int64_t sys_pwrite64(struct call *call)
{
	return io_call_at(call, true, io_single);
}

static int64_t sys_preadv(struct call *call)
{
	return io_call_at(call, false, io_vector);
}

static int64_t sys_pwritev(struct call *call)
{
	return io_call_at(call, true, io_vector);
}

// A vector is described by its own size, not by what it points to.
static const struct syscall rows[] = {
	SYSCALL(63, read, sys_read, "fd out:@3 len"),
	SYSCALL(64, write, sys_write, "fd in:@3 len"),
	SYSCALL(65, readv, sys_readv, "fd in:16 int"),
	SYSCALL(66, writev, sys_writev, "fd in:16 int"),
	SYSCALL(67, pread64, sys_pread64, "fd out:@3 len int"),
	SYSCALL(68, pwrite64, sys_pwrite64, "fd in:@3 len int"),
	SYSCALL(69, preadv, sys_preadv, "fd in:16 int int"),
	SYSCALL(70, pwritev, sys_pwritev, "fd in:16 int int"),
};

void io_init(void)
{
	SYSCALL_REGISTER(rows);
}
