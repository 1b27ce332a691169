#include "process/user.h"
#include "lib/errno.h"
#include "lib/string.h"

uint64_t user_start, user_end, user_text, user_text_end;

static int64_t user_translate_same(struct process *process, uint64_t address, unsigned access, void **at, size_t *room)
{
	uint64_t end = user_end;
	(void)process;

	if (access != USER_WRITE && address >= user_text &&
	    address < user_text_end)
		end = user_text_end;
	else if (address < user_start || address >= end)
		return -EFAULT;
	*at = (void *)(uintptr_t)address;
	*room = end - address;
	return 0;
}

user_translator user_translate = user_translate_same;
bool (*user_store_free)(struct process *, uint64_t, const void *, size_t);

// A range that wraps around is nobody's memory.
static int64_t user_range(uint64_t address, size_t size)
{
	return address + size < address ? -EFAULT : 0;
}

// It makes pages, and so may fail or wait; what follows in the same pass may
// not.
int64_t user_prepare(struct process *process, uint64_t address, size_t size, unsigned access)
{
	int64_t err = user_range(address, size);
	size_t room;
	void *at;

	while (size && !err) {
		err = user_translate(process, address, access, &at, &room);
		if (err || room >= size)
			break;
		address += room;
		size -= room;
	}
	return err;
}

// Nothing is undone if a later piece is bad: `to` is the kernel's own, and
// nobody looks at it then.
int64_t user_copy_in(struct process *process, void *to, uint64_t from, size_t size)
{
	int64_t err = user_range(from, size);
	size_t room;
	void *at;

	for (; size && !err; size -= room, from += room, to += room) {
		err = user_translate(process, from, USER_READ, &at, &room);
		if (err)
			break;
		if (room > size)
			room = size;
		memcpy(to, at, room);
	}
	return err;
}

// Longer than two pieces: looked at as a whole, then piece by piece.  What was
// found in this pass is there still, so the second look cannot fail; should it
// do so all the same, nothing is stored through a pointer that was not set.
static int64_t user_copy_out_long(struct process *process, uint64_t to, const void *from, size_t size)
{
	int64_t err = user_prepare(process, to, size, USER_WRITE);
	size_t room;
	void *at;

	for (; size && !err; size -= room, to += room, from += room) {
		err = user_translate(process, to, USER_WRITE, &at, &room);
		if (err)
			break;
		if (room > size)
			room = size;
		memcpy(at, from, room);
	}
	return err;
}

// Nothing is written before all of it can be.  Most often that is one piece,
// or two on pages that follow each other.
int64_t user_copy_out(struct process *process, uint64_t to, const void *from, size_t size)
{
	int64_t err = user_range(to, size);
	size_t room, room2;
	void *at, *at2;

	if (err || size == 0)
		return err;
	err = user_translate(process, to, USER_WRITE, &at, &room);
	if (err)
		return err;
	if (room < size) {
		err = user_translate(process, to + room, USER_WRITE, &at2,
		                     &room2);
		if (err)
			return err;
		if (room2 < size - room)
			return user_copy_out_long(process, to, from, size);
		memcpy(at2, from + room, size - room);
		size = room;
	}
	memcpy(at, from, size);
	return 0;
}

int64_t user_zero(struct process *process, uint64_t to, size_t size)
{
	int64_t err = user_prepare(process, to, size, USER_WRITE);
	size_t room;
	void *at;

	for (; size && !err; size -= room, to += room) {
		err = user_translate(process, to, USER_WRITE, &at, &room);
		if (err)
			break;
		if (room > size)
			room = size;
		memset(at, 0, room);
	}
	return err;
}

// Piece by piece up to the NUL: the page behind it need not be there.
int64_t user_copy_string(struct process *process, char *to, uint64_t from, size_t size)
{
	size_t done = 0, room;
	char *at, *end;

	while (done < size) {
		int64_t err = user_translate(process, from + done, USER_READ,
		                             (void **)&at, &room);

		if (err)
			return err;
		if (room > size - done)
			room = size - done;
		end = memchr(at, '\0', room);
		if (end)
			room = end + 1 - at;
		memcpy(to + done, at, room);
		done += room;
		if (end) { // another thread may have overwritten it by now
			to[done - 1] = '\0';
			return done - 1;
		}
	}
	return -ENAMETOOLONG;
}
