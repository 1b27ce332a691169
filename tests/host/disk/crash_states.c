// The states that files went through, and whether what a power cut left is one
// of them.
#include "crash.h"
#include "disk/writeback.h"
#include <stdlib.h>
#include <string.h>

#define STATES 200
#define PIECE 512 // bytes of a file that are compared at once

// What was there after each change, and when: the disk's time when the change
// began and when it had ended.
struct state {
	struct snapshot snapshot;
	uint32_t begun, ended;
	bool lasting;
	char file[32]; // that is lasting
};

static struct state states[STATES];
static unsigned state_count;
static struct disk *disk;
static uint32_t mark; // when the change that goes on began

static struct state *state_take(void)
{
	struct state *s = &states[state_count++];

	if (state_count == STATES)
		abort();
	s->begun = mark;
	s->ended = disk->time;
	s->lasting = false;
	s->file[0] = 0;
	snapshot_take(&s->snapshot);
	mark = disk->time;
	return s;
}

void states_begin(struct disk *on)
{
	disk = on;
	mark = state_count = 0;
	state_take()->lasting = true;
}

void states_forget(void)
{
	for (unsigned k = 0; k < state_count; k++)
		snapshot_free(&states[k].snapshot);
	state_count = 0;
}

// A commit and write-back may begin here, and be under way while the next
// changes are made.
void crash_mark(void)
{
	switch (chance(6)) {
	case 0:
		work();
		break;
	case 1:
		work_some(chance(20));
		break;
	case 2:
		begin_commit();
		work_some(chance(12));
		break;
	case 3:
		writeback_kick();
		work_some(chance(4));
	}
	state_take();
}

void crash_lasting(void)
{
	state_take()->lasting = true;
}

void crash_lasting_file(const char *path)
{
	struct state *s = state_take();

	snprintf(s->file, sizeof s->file, "/%s", path);
}

// ---- comparing ----

// Between two states a file may have any size between its two.
static bool size_between(uint64_t size, const struct item *a,
                         const struct item *b)
{
	if (b == NULL)
		return size == a->size;
	return (size >= a->size && size <= b->size) ||
	       (size <= a->size && size >= b->size);
}

static bool same_names(const struct snapshot *found, unsigned k, unsigned to)
{
	const struct snapshot *a = &states[k].snapshot;

	if (a->count != found->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct item *f = &found->items[i], *s = &a->items[i];
		const struct item *next = NULL;

		if (strcmp(s->path, f->path) || s->mode != f->mode ||
		    s->links != f->links)
			return false;
		if (k < to && f->size != s->size)
			next = snapshot_find(&states[k + 1].snapshot, s->path);
		if (!size_between(f->size, s, next))
			return false;
	}
	return true;
}

// A byte is that of this state or of a later one, which may have changed it in
// place; where a file is shorter for some time it may be zero after that.
static bool byte_may_be(const struct item *const *was, unsigned count,
                        uint64_t at, uint8_t byte)
{
	for (unsigned k = 0; k < count; k++)
		if (was[k] && (at < was[k]->size
		                       ? was[k]->bytes &&
		                                 was[k]->bytes[at] == byte
		                       : byte == 0))
			return true;
	return false;
}

// Most of a file is as it was in one of them.
static bool piece_same(const struct item *const *was, unsigned count,
                       const struct item *item, uint64_t at, size_t size)
{
	for (unsigned k = 0; k < count; k++)
		if (was[k] && was[k]->bytes && at + size <= was[k]->size &&
		    memcmp(was[k]->bytes + at, item->bytes + at, size) == 0)
			return true;
	return false;
}

static bool item_may_be(const struct item *item, unsigned from, unsigned to)
{
	const struct item *was[STATES];
	unsigned count = to - from + 1;
	uint64_t end;

	for (unsigned k = 0; k < count; k++)
		was[k] = snapshot_find(&states[from + k].snapshot, item->path);
	for (uint64_t at = 0; at < item->size; at = end) {
		end = at + PIECE < item->size ? at + PIECE : item->size;
		if (piece_same(was, count, item, at, end - at))
			continue;
		for (; at < end; at++)
			if (!byte_may_be(was, count, at, item->bytes[at])) {
				printf("  %s: byte %lu is %d\n", item->path,
				       (unsigned long)at, item->bytes[at]);
				return false;
			}
	}
	return true;
}

static bool same_bytes(const struct snapshot *found, unsigned from, unsigned to)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].bytes &&
		    !item_may_be(&found->items[i], from, to))
			return false;
	return true;
}

static bool same_item(const struct item *a, const struct item *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->size == b->size && a->bytes && b->bytes &&
	       memcmp(a->bytes, b->bytes, a->size) == 0;
}

static bool file_lasts(const struct state *s, uint32_t time)
{
	return s->file[0] && s->ended < time;
}

// A file that was made lasting by then is in state k as it was, or as it
// became later.
static bool files_kept(unsigned k, uint32_t time)
{
	for (unsigned f = k + 1; f < state_count; f++)
		if (file_lasts(&states[f], time) &&
		    !same_item(snapshot_find(&states[f].snapshot,
		                             states[f].file),
		               snapshot_find(&states[k].snapshot,
		                             states[f].file)))
			return false;
	return true;
}

static void show(const struct snapshot *found, unsigned from, unsigned to)
{
	for (unsigned k = from; k <= to + 1; k++) {
		const struct snapshot *s =
			k <= to ? &states[k].snapshot : found;

		printf("state %u\n", k);
		for (size_t i = 0; i < s->count; i++)
			printf("%s %o %u %lu\n", s->items[i].path,
			       s->items[i].mode, s->items[i].links,
			       (unsigned long)s->items[i].size);
	}
}

// The first state that may be found, and the last.
static void range(uint32_t time, unsigned *from, unsigned *to)
{
	*from = *to = 0;
	for (unsigned k = 0; k < state_count; k++) {
		if (states[k].lasting && states[k].ended < time)
			*from = k;
		if (states[k].begun <= time)
			*to = k;
	}
}

uint64_t states_demand(uint32_t time)
{
	unsigned from, to, files = 0;

	range(time, &from, &to);
	for (unsigned k = from; k < state_count; k++)
		files += file_lasts(&states[k], time);
	return ((uint64_t)files * STATES + from) * STATES + to;
}

// The files are as after one of the steps that may have happened.
const char *states_compare(const struct snapshot *found, uint32_t time)
{
	unsigned from, to;
	bool names = false;

	range(time, &from, &to);
	for (unsigned k = from; k <= to; k++)
		if (files_kept(k, time) && same_names(found, k, to)) {
			names = true;
			if (same_bytes(found, k, to))
				return NULL;
		}
	if (getenv("SHOW"))
		show(found, from, to);
	return names ? "bytes are of no state" : "names are of no state";
}
