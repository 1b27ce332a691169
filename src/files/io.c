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
	bool write;
	bool positioned; // at `offset`; the file's own stays
	uint64_t offset;
};

int64_t io_cancel(struct future *future)
{
	file_put(future->object);
	return future->progress ? (int64_t)future->progress : FUTURE_RESTART;
}

static int64_t io_hold(struct io io)
{
	if (io.future->object == NULL)
		io_keep(io.future, io.file);
	return PENDING;
}

static int64_t io_finish(struct io io, int64_t result)
{
	if (io.future->object)
		file_put(io.file);
	return result;
}

// May the call do this to the file at all?
static int64_t io_check(struct io io)
{
	struct file *file = io.file;

	if (file == NULL)
		return -EBADF;
	if (!(io.write ? file_writable(file) : file_readable(file)))
		return -EBADF;
	if (io.positioned && file->ops->stream)
		return -ESPIPE;
	if (io.positioned && io.offset > INT64_MAX)
		return -EINVAL;
	if (io.write ? file->ops->write : file->ops->read)
		return 0;
	if (file->flags & O_PATH) // which has no ops
		return -EBADF;
	return inode_is(file->inode, S_IFDIR) ? -EISDIR : -EINVAL;
}

static int64_t io_move(struct io io, struct transfer *t)
{
	struct file *file = io.file;
	uint64_t offset = io.positioned ? io.offset + io.future->progress
	                                : file->offset;
	int64_t n;

	if (io.write && (file->flags & O_APPEND))
		offset = file->inode->size;
	n = io.write ? file->ops->write(file, t, offset)
	                     : file->ops->read(file, t, offset);

	if (n > 0 && !io.positioned)
		file->offset = offset + n;
	return n;
}

// A bad pointer is an error also where nothing was moved.
static int64_t io_end(struct io io, struct transfer *t)
{
	int64_t err = 0;

	if (t->total)
		err = transfer_prepare(t, 1, io.write ? USER_READ : USER_WRITE);
	return err == PENDING ? io_hold(io) : io_finish(io, err);
}

// A file on a disk gives what is in memory, without waiting for the rest: there
// is more of it.
static bool io_more(struct io io, uint64_t done)
{
	const struct inode *inode = io.file->inode;
	uint64_t at = io.positioned ? io.offset + done : io.file->offset;

	return inode_is(inode, S_IFREG) && at < inode->size;
}

// What a read has got from a pipe or a terminal it keeps; one of a file, and a
// write, goes on to the end.
static int64_t io_pass(struct io io, struct transfer *t)
{
	uint64_t done = io.future->progress;
	int64_t n = 0;

	if (done)
		transfer_skip(t, done);
	t->future = io.future;
	t->may_wait = !(io.file->flags & O_NONBLOCK) && (io.write || !done);
	if (t->total)
		n = io_move(io, t);
	if (n == PENDING)
		return io_hold(io);
	if (n < 0)
		return io_finish(io, done ? (int64_t)done : n);
	done += n;
	if (done == 0)
		return io_end(io, t);
	if (n == 0 || (uint64_t)n == t->total ||
	    (!io.write && t->left && !io_more(io, done)))
		return io_finish(io, done);
	io.future->progress = done;
	io_hold(io);
	return future_again(io.future);
}

static int64_t io_single(struct call *call, struct io io)
{
	struct transfer t;
	int64_t err = io_check(io);

	if (!err && call->arg[2] > INT64_MAX)
		err = -EINVAL;
	if (err)
		return io_finish(io, err);
	transfer_init(&t, call->process, call->arg[1], call->arg[2]);
	return io_pass(io, &t);
}

static int64_t io_vector(struct call *call, struct io io)
{
	struct transfer t;
	int64_t result = io_check(io);

	if (!result)
		result = transfer_init_vector(&t, call->process, call->arg[1],
		                              call->arg[2]);
	if (result == PENDING)
		return io_hold(io);
	if (result)
		return io_finish(io, result);
	result = io_pass(io, &t);
	transfer_end(&t);
	return result;
}

// ---- the calls ----

// The file that the call has held since its first wait, else its descriptor's.
static struct file *io_file(struct call *call)
{
	struct file *held = future_of(call)->object;

	return held ? held : file_of(call->process, call->arg[0]);
}

static struct io io_of(struct call *call, struct file *file, bool write)
{
	return (struct io){ .future = future_of(call),
		            .file = file,
		            .write = write };
}

static struct io io_at(struct call *call, bool write)
{
	struct io io = io_of(call, io_file(call), write);

	io.positioned = true;
	io.offset = call->arg[3];
	return io;
}

// What is called most has all of the above folded in.
__attribute__((flatten)) int64_t io_read(struct call *call, struct file *file)
{
	return io_single(call, io_of(call, file, false));
}

__attribute__((flatten)) int64_t io_write(struct call *call, struct file *file)
{
	return io_single(call, io_of(call, file, true));
}

int64_t sys_read(struct call *call)
{
	struct file *file = future_of(call)->object;

	if (file) // it has waited already
		return io_read(call, file);
	file = file_of(call->process, call->arg[0]);
	if (file && file->ops->read_call)
		return file->ops->read_call(call, file);
	return io_read(call, file);
}

static int64_t sys_write(struct call *call)
{
	struct file *file = future_of(call)->object;

	if (file)
		return io_write(call, file);
	file = file_of(call->process, call->arg[0]);
	if (file && file->ops->write_call)
		return file->ops->write_call(call, file);
	return io_write(call, file);
}

static int64_t sys_readv(struct call *call)
{
	return io_vector(call, io_of(call, io_file(call), false));
}

static int64_t sys_writev(struct call *call)
{
	return io_vector(call, io_of(call, io_file(call), true));
}

static int64_t sys_pread64(struct call *call)
{
	return io_single(call, io_at(call, false));
}

static int64_t sys_pwrite64(struct call *call)
{
	return io_single(call, io_at(call, true));
}

static int64_t sys_preadv(struct call *call)
{
	return io_vector(call, io_at(call, false));
}

static int64_t sys_pwritev(struct call *call)
{
	return io_vector(call, io_at(call, true));
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
