#include "files/pipe.h"
#include "files/io.h"
#include "lib/errno.h"
#include "memory/space.h"
#include "process/deliver.h"

static struct future nobody; // makes the offer that there is none

void pipe_init(struct pipe *pipe)
{
	ring_init(&pipe->ring);
	pipe->offer.future = &nobody;
	waker_init(&pipe->filled);
	waker_init(&pipe->freed);
}

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

// Bytes are gone from the ring only when all of them have arrived; or, should
// a part of the user's memory be bad, those in front of it.
int64_t pipe_read(struct file *file, struct transfer *to, uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = ring_used(&pipe->ring), done;
	int64_t err = 0;
	(void)offset;

	if (size == 0)
		return pipe_read_nothing(pipe, to);
	if (size > to->left)
		size = to->left;
	done = ring_take(&pipe->ring, to, size, &err);
	if (err == PENDING || (err && done == 0))
		return err;
	ring_drop(&pipe->ring, done);
	if (ring_room(&pipe->ring) >= PIPE_BUF)
		wake_all(&pipe->freed);
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
int64_t pipe_write(struct file *file, struct transfer *from, uint64_t offset)
{
	struct pipe *pipe = file->private;
	size_t size = from->left, least = size <= PIPE_BUF ? size : 1;
	size_t room = ring_room(&pipe->ring), handed = 0, filled = 0;
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
		filled = ring_fill(&pipe->ring, from, size - handed, &err);
	if (err == PENDING || (err && handed + filled < least))
		return err;
	pipe->ring.head += filled;
	pipe->handed = handed && !filled;
	if (handed)
		io_complete(pipe->offer.future, handed);
	if (filled)
		wake_all(&pipe->filled);
	return handed + filled;
}

// ---- a byte for one who waits for it: what two that talk do all the time ----

// The first read() of a pipe that is empty.
int64_t pipe_read_call(struct call *call, struct file *file)
{
	struct future *future = future_of(call);
	struct pipe *pipe = file->private;
	uint64_t size = call->arg[2];

	if (ring_used(&pipe->ring) || pipe->writers == 0 ||
	    size - 1 >= TRANSFER_PASS || (file->flags & O_NONBLOCK) ||
	    !waker_idle(&pipe->filled))
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
int64_t pipe_write_call(struct call *call, struct file *file)
{
	struct pipe *pipe = file->private;
	struct future *reader = pipe->offer.future;
	uint64_t size = call->arg[2], at = call->arg[1];
	uint64_t to_at = pipe->offer.at, most = pipe->offer.size;
	const char *from;
	char *to;

	if (pipe->filled.waits.next != &reader->waiting.node ||
	    size - 1 >= QUICK || size > most || !quick_reader(reader) ||
	    size > PAGE_SIZE - at % PAGE_SIZE ||
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
