#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "process/user.h"

// Lengths that are negative are an error, a sum that is too large is cut.
static int64_t transfer_measure(struct transfer *t, uint64_t count)
{
	t->total = 0;
	for (struct piece *p = t->piece; p < t->piece + count; p++) {
		if (p->size > INT64_MAX)
			return -EINVAL;
		if (p->size > TRANSFER_MOST - t->total)
			p->size = TRANSFER_MOST - t->total;
		t->total += p->size;
	}
	transfer_pass(t);
	return 0;
}

// The vector is copied, not read as it is used: the data may go where it lies.
int64_t transfer_init_vector(struct transfer *t, struct process *process,
                             uint64_t vector, uint64_t count)
{
	size_t size = count * sizeof(struct piece);
	int64_t err;

	if (count > TRANSFER_PIECES)
		return -EINVAL;
	t->process = process;
	t->block = NULL;
	t->piece = t->few;
	if (count > TRANSFER_FEW)
		t->piece = t->block = kmalloc(size);
	if (t->piece == NULL)
		return -ENOMEM;
	err = user_copy_in(process, t->piece, vector, size);
	if (!err)
		err = transfer_measure(t, count);
	if (err)
		transfer_end(t);
	return err;
}

void transfer_end(struct transfer *t)
{
	kfree(t->block);
}

// What is left is more than nothing, so there is a piece with it.
void transfer_skip(struct transfer *t, uint64_t done)
{
	t->total -= done;
	for (; done >= t->piece->size; t->piece++)
		done -= t->piece->size;
	if (done) {
		t->piece->at += done;
		t->piece->size -= done;
	}
	transfer_pass(t);
}

int64_t transfer_prepare(struct transfer *t, size_t size, unsigned access)
{
	if (t->process == NULL) // kernel memory
		return 0;
	for (struct piece *p = t->piece; size; p++) {
		size_t n = size < p->size ? size : p->size;
		int64_t err = user_prepare(t->process, p->at, n, access);

		if (err)
			return err;
		size -= n;
	}
	return 0;
}

// The next bytes that lie in one piece, `size` at most.
static size_t transfer_room(struct transfer *t, size_t size)
{
	while (t->piece->size == 0)
		t->piece++;
	return size < t->piece->size ? size : t->piece->size;
}

// The copying functions are all or nothing, so only what spans pieces has to
// be prepared first.
static int64_t transfer_start(struct transfer *t, size_t size, unsigned access)
{
	if (size == 0 || size <= t->piece->size)
		return 0;
	return transfer_prepare(t, size, access);
}

int64_t transfer_out_pieces(struct transfer *t, const void *from, size_t size)
{
	int64_t err = transfer_start(t, size, USER_WRITE);

	while (size && !err) {
		size_t n = transfer_room(t, size);

		err = user_copy_out(t->process, t->piece->at, from, n);
		if (err)
			break;
		transfer_move(t, n);
		from += n;
		size -= n;
	}
	return err;
}

int64_t transfer_zero(struct transfer *t, size_t size)
{
	int64_t err = transfer_start(t, size, USER_WRITE);

	while (size && !err) {
		size_t n = transfer_room(t, size);

		err = user_zero(t->process, t->piece->at, n);
		if (err)
			break;
		transfer_move(t, n);
		size -= n;
	}
	return err;
}

int64_t transfer_in(struct transfer *t, void *to, size_t size)
{
	int64_t err;

	if (t->process == NULL) {
		memcpy(to, (void *)t->piece->at, size);
		transfer_move(t, size);
		return 0;
	}
	err = transfer_start(t, size, USER_READ);

	while (size && !err) {
		size_t n = transfer_room(t, size);

		err = user_copy_in(t->process, to, t->piece->at, n);
		if (err)
			break;
		transfer_move(t, n);
		to += n;
		size -= n;
	}
	return err;
}
