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

// The first state that may be found when power fails at a time, and the last.
struct range {
	uint32_t time;
	unsigned from, to;
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

static bool file_lasts(const struct state *s, uint32_t time)
{
	return s->file[0] && s->ended < time;
}

static const struct item *item_of(const struct snapshot *s, uint32_t ino)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->items[i].ino == ino)
			return &s->items[i];
	return NULL;
}

// What is written over may come to the disk after changes that were made
// later, unless somebody asked for it: so a byte may be an older one of the
// same file, as long as that has not been cut in between.
static bool byte_was(const struct item *item, uint64_t at, unsigned k,
                     unsigned from, uint32_t time)
{
	for (; k > from; k--) {
		const struct state *before = &states[k - 1];
		const struct item *was = item_of(&before->snapshot, item->ino);

		if (was == NULL || at >= was->size ||
		    (file_lasts(&states[k], time) &&
		     strcmp(states[k].file, item->path) == 0))
			return false;
		if (was->bytes && was->bytes[at] == item->bytes[at])
			return true;
	}
	return false;
}

static bool item_may_be(const struct item *item, unsigned k,
                        const struct range *r)
{
	const struct item *was[STATES] = { snapshot_find(&states[k].snapshot,
		                                         item->path) };
	unsigned count = r->to - k + 1;
	uint64_t end;

	if (was[0] && was[0]->size == item->size && was[0]->bytes &&
	    memcmp(was[0]->bytes, item->bytes, item->size) == 0)
		return true;
	// It may have got another name since.
	for (unsigned i = 1; i < count; i++)
		was[i] = item_of(&states[k + i].snapshot, item->ino);
	for (uint64_t at = 0; at < item->size; at = end) {
		end = at + PIECE < item->size ? at + PIECE : item->size;
		if (piece_same(was, count, item, at, end - at))
			continue;
		for (; at < end; at++)
			if (!byte_may_be(was, count, at, item->bytes[at]) &&
			    !byte_was(item, at, k, r->from, r->time)) {
				printf("  %s: byte %lu is %d\n", item->path,
				       (unsigned long)at, item->bytes[at]);
				return false;
			}
	}
	return true;
}

static bool same_bytes(const struct snapshot *found, unsigned k,
                       const struct range *r)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].bytes &&
		    !item_may_be(&found->items[i], k, r))
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

// Each name in the directory of one is that of the same file in the other.
static bool names_in(const struct snapshot *a, const char *path,
                     const struct snapshot *b)
{
	size_t size = strlen(path);

	for (size_t i = 0; i < a->count; i++) {
		const struct item *item = &a->items[i], *other;

		if (strncmp(item->path, path, size) ||
		    item->path[size] != '/' ||
		    strchr(item->path + size + 1, '/'))
			continue;
		other = snapshot_find(b, item->path);
		if (other == NULL || other->ino != item->ino)
			return false;
	}
	return true;
}

static bool same_file(const struct snapshot *a, const struct snapshot *b,
                      const char *path)
{
	const struct item *one = snapshot_find(a, path);
	const struct item *other = snapshot_find(b, path);

	if (one && other && one->ino == other->ino &&
	    (one->mode & S_IFMT) == S_IFDIR)
		return names_in(a, path, b) && names_in(b, path, a);
	return same_item(one, other);
}

// What was made lasting by then, a file or a directory, is in state k as it
// was, or as it became later.
static bool files_kept(unsigned k, uint32_t time)
{
	for (unsigned f = k + 1; f < state_count; f++)
		if (file_lasts(&states[f], time) &&
		    !same_file(&states[f].snapshot, &states[k].snapshot,
		               states[f].file))
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

static struct range range_at(uint32_t time)
{
	struct range r = { .time = time };

	for (unsigned k = 0; k < state_count; k++) {
		if (states[k].lasting && states[k].ended < time)
			r.from = k;
		if (states[k].begun <= time)
			r.to = k;
	}
	return r;
}

uint64_t states_demand(uint32_t time)
{
	struct range r = range_at(time);
	unsigned files = 0;

	for (unsigned k = r.from; k < state_count; k++)
		files += file_lasts(&states[k], time);
	return ((uint64_t)files * STATES + r.from) * STATES + r.to;
}

// The files are as after one of the steps that may have happened.
const char *states_compare(const struct snapshot *found, uint32_t time)
{
	struct range r = range_at(time);
	bool names = false;

	for (unsigned k = r.from; k <= r.to; k++)
		if (files_kept(k, time) && same_names(found, k, r.to)) {
			names = true;
			if (same_bytes(found, k, &r))
				return NULL;
		}
	if (getenv("SHOW"))
		show(found, r.from, r.to);
	return names ? "bytes are of no state" : "names are of no state";
}
