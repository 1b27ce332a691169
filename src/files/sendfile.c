#include "files/sendfile.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "memory/fault.h"
#include "memory/heap.h"
#include "process/wait.h"

// A call, from its beginning to its end.
struct sending {
	struct file *in, *out; // held
	uint64_t at; // user address of the offset; 0: the file's own is used
	uint64_t offset;
	uint64_t total;
	uint64_t sent;
};

// ---- the beginning and the end ----

static int64_t sending_check(const struct file *in, const struct file *out)
{
	if (in == NULL || out == NULL)
		return -EBADF;
	if (!file_readable(in) || !file_writable(out) ||
	    ((in->flags | out->flags) & O_PATH))
		return -EBADF;
	if (in->inode->ops->page == NULL || out->ops->write == NULL ||
	    (out->flags & O_APPEND))
		return -EINVAL;
	return 0;
}

static int64_t sending_offset(struct call *call, struct sending *s)
{
	int64_t err = 0;

	s->offset = s->in->offset;
	if (s->at == 0)
		return 0;
	err = user_prepare(call->process, s->at, 8, USER_WRITE);
	if (!err)
		err = user_copy_in(call->process, &s->offset, s->at, 8);
	if (!err && s->offset > INT64_MAX)
		err = -EINVAL;
	return err;
}

static int64_t sending_begin(struct call *call)
{
	struct sending s = { .in = file_of(call->process, call->arg[1]),
		             .out = file_of(call->process, call->arg[0]),
		             .at = call->arg[2],
		             .total = call->arg[3] };
	struct sending *copy;
	int64_t err = sending_check(s.in, s.out);

	if (!err && s.total > INT64_MAX)
		err = -EINVAL;
	if (!err)
		err = sending_offset(call, &s);
	if (err)
		return err;
	copy = kmalloc(sizeof *copy);
	if (copy == NULL)
		return -ENOMEM;
	if (s.total > TRANSFER_MOST)
		s.total = TRANSFER_MOST;
	*copy = s;
	file_get(s.in);
	file_get(s.out);
	future_of(call)->object = copy;
	return 0;
}

// An error counts only if nothing was sent.
static int64_t sending_end(struct future *future, int64_t result)
{
	struct process *process = future->call.process;
	struct sending *s = future->object;

	if (s->sent)
		result = s->sent;
	if (s->at && !process->ended)
		user_copy_out(process, s->at, &s->offset, 8);
	else if (s->at == 0)
		s->in->offset = s->offset;
	file_put(s->in);
	file_put(s->out);
	kfree(s);
	future->object = NULL;
	return result;
}

static int64_t sending_cancel(struct future *future)
{
	return sending_end(future, FUTURE_RESTART);
}

// ---- one page after the other ----

// Straight from the page's frame: bytes, 0 at the end of the file, an error or
// PENDING.
static int64_t sending_part(struct future *future, struct sending *s)
{
	struct inode *inode = s->in->inode;
	struct transfer t;
	void *frame;
	size_t size;
	int64_t n;

	if (s->offset >= inode->size)
		return 0;
	size = page_part(s->offset, s->total - s->sent);
	if (size > inode->size - s->offset)
		size = inode->size - s->offset;
	n = inode_page(inode, s->offset / PAGE_SIZE, &frame);
	if (n)
		return n;
	transfer_init(&t, NULL, (uintptr_t)frame + s->offset % PAGE_SIZE,
	              size);
	t.future = future;
	t.may_wait = !(s->out->flags & O_NONBLOCK);
	n = s->out->ops->write(s->out, &t, s->out->offset);
	frame_put(frame);
	return n;
}

static int64_t sending_pass(struct future *future)
{
	struct sending *s = future->object;
	uint64_t goal = s->sent + TRANSFER_PASS;

	while (s->sent < s->total) {
		int64_t n = s->sent < goal ? sending_part(future, s)
		                           : future_again(future);

		if (n <= 0)
			return n;
		s->sent += n;
		s->offset += n;
		s->out->offset += n;
	}
	return 0;
}

static int64_t sys_sendfile(struct call *call)
{
	struct future *future = future_of(call);
	int64_t result = future->object ? 0 : sending_begin(call);

	if (result)
		return result;
	result = sending_pass(future);
	if (result != PENDING)
		return sending_end(future, result);
	future->cancel = sending_cancel;
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL(71, sendfile, sys_sendfile, "fd fd inout:8? len"),
};

void sendfile_init(void)
{
	SYSCALL_REGISTER(rows);
}
