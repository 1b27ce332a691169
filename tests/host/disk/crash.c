#include "crash.h"
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATES 200

unsigned long crash_images, crash_judged;
unsigned judge_every;
bool (*plant)(struct disk *disk, const struct block_request *request);

// What was there after each step, and when: the disk's time when the step
// began and when it had ended.
struct state {
	struct snapshot snapshot;
	uint32_t begun, ended;
	bool lasting;
	const char *file; // that is lasting
};

static struct state states[STATES];
static unsigned state_count;
static struct disk disk, cut_disk;

// ---- the run ----

static uint32_t mark; // when the change that goes on began

static struct state *state_take(void)
{
	struct state *s = &states[state_count++];

	s->begun = mark;
	s->ended = disk.time;
	s->lasting = false;
	s->file = NULL;
	snapshot_take(&s->snapshot);
	mark = disk.time;
	return s;
}

void crash_mark(void)
{
	if (chance(4) == 0)
		work();
	state_take();
}

void crash_lasting(void)
{
	state_take()->lasting = true;
}

void crash_lasting_file(const char *path)
{
	static char paths[STATES][32];
	char *copy = paths[state_count];

	snprintf(copy, sizeof paths[0], "/%s", path);
	state_take()->file = copy;
}

static unsigned run(const struct step *const *list, unsigned count)
{
	state_count = 0;
	disk.hide = plant;
	disk.logging = true;
	if (do_mount(&disk))
		return 1;
	mark = 0;
	state_take()->lasting = true;
	for (unsigned i = 0; i < count; i++) {
		list[i]->run(); // it may fail, if another took its file
		crash_mark();
	}
	do_sync();
	crash_lasting();
	return do_unmount() != 0;
}

// ---- the states that a power cut leaves ----

// Whether the write has reached the medium for sure when power fails at `time`.
static bool lasting(const struct write *w, uint32_t time)
{
	for (uint32_t i = 0; i < disk.logged; i++) {
		const struct write *f = &disk.log[i];

		if (f->op == BLOCK_FLUSH && f->ended < time &&
		    f->started > w->ended)
			return true;
	}
	return false;
}

enum { NONE, ALL, SOME, TORN };

static void apply(const struct write *w, uint32_t time, int which)
{
	bool sure = lasting(w, time);

	if (!sure && (which == NONE || (which == SOME && chance(2))))
		return;
	for (uint32_t i = 0; i < w->count; i++) {
		if (!sure && which == TORN && chance(2))
			continue;
		disk_save(&cut_disk, w->sector + i);
		memcpy(cut_disk.bytes + (w->sector + i) * BLOCK_SECTOR,
		       w->data + i * BLOCK_SECTOR, BLOCK_SECTOR);
	}
}

static void apply_all(uint32_t time, int which)
{
	for (uint32_t i = 0; i < disk.logged; i++)
		if (disk.log[i].op == BLOCK_WRITE &&
		    disk.log[i].started < time)
			apply(&disk.log[i], time, which);
}

// ---- what must be there ----

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

		if (k < to)
			next = snapshot_find(&states[k + 1].snapshot, s->path);
		if (strcmp(s->path, f->path) || s->mode != f->mode ||
		    s->links != f->links || !size_between(f->size, s, next))
			return false;
	}
	return true;
}

// A byte is that of this state or of a later one, which may have changed it in
// place; where a file is shorter for some time it may be zero after that.
static bool byte_may_be(const char *path, uint64_t at, uint8_t byte,
                        unsigned from, unsigned to)
{
	for (unsigned k = from; k <= to; k++) {
		const struct item *item =
			snapshot_find(&states[k].snapshot, path);

		if (item && at < item->size && item->bytes &&
		    item->bytes[at] == byte)
			return true;
		if (item && at >= item->size && byte == 0)
			return true;
	}
	return false;
}

static bool same_bytes(const struct snapshot *found, unsigned from, unsigned to)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct item *item = &found->items[i];
		const struct item *was =
			snapshot_find(&states[from].snapshot, item->path);

		if (item->bytes == NULL ||
		    (was && was->bytes && was->size == item->size &&
		     memcmp(was->bytes, item->bytes, item->size) == 0))
			continue;
		for (uint64_t at = 0; at < item->size; at++)
			if (!byte_may_be(item->path, at, item->bytes[at], from,
			                 to)) {
				printf("  %s: byte %lu is %d\n", item->path,
				       (unsigned long)at, item->bytes[at]);
				return false;
			}
	}
	return true;
}

static bool same_item(const struct item *a, const struct item *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->size == b->size && a->bytes && b->bytes &&
	       memcmp(a->bytes, b->bytes, a->size) == 0;
}

// A file that was made lasting by then is in state k as it was, or as it
// became later.
static bool files_kept(unsigned k, uint32_t time)
{
	for (unsigned f = k + 1; f < state_count; f++)
		if (states[f].file && states[f].ended < time &&
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

// The files are as after one of the steps that may have happened.
static const char *compare(const struct snapshot *found, uint32_t time)
{
	unsigned from = 0, to = 0;
	bool names = false;

	for (unsigned k = 0; k < state_count; k++) {
		if (states[k].lasting && states[k].ended < time)
			from = k;
		if (states[k].begun <= time)
			to = k;
	}
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

static int shell(const char *command)
{
	int status = system(command);

	return status == -1 ? -1 : WEXITSTATUS(status);
}

// HARDWARE.md, "ext2 tools": a replay of its own, then a check that finds
// nothing to ask about.
static const char *judge(void)
{
	char path[] = "/tmp/crash-XXXXXX", command[400];
	int fd = mkstemp(path), status;
	FILE *file = fdopen(fd, "wb");

	fwrite(cut_disk.bytes, BLOCK_SECTOR, cut_disk.device.sectors, file);
	fclose(file);
	snprintf(command, sizeof command,
	         "e2fsck -y -E journal_only %s >%s.out 2>&1;"
	         "e2fsck -fn %s >>%s.out 2>&1 && ! grep -q 'Fix?' %s.out ||"
	         "{ cat %s.out; false; }", path, path, path, path, path, path);
	status = shell(command);
	snprintf(command, sizeof command, "%s.out", path);
	unlink(path);
	unlink(command);
	crash_judged++;
	return status ? "e2fsck finds something" : NULL;
}

static const char *look(uint32_t time)
{
	struct snapshot found;
	const char *fault = NULL;

	if (judge_every && crash_images % judge_every == 0)
		fault = judge();
	if (fault)
		return fault;
	if (do_mount(&cut_disk))
		return "not mounted";
	work(); // orphans
	snapshot_take(&found);
	if (found.error)
		fault = "cannot be read";
	else
		fault = compare(&found, time);
	snapshot_free(&found);
	if (do_unmount())
		return "not unmounted";
	return fault ? fault : check_image(cut_disk.bytes,
	                                   cut_disk.device.sectors *
	                                           BLOCK_SECTOR);
}

// One image; how many faults.
static unsigned cut(uint32_t time, int which)
{
	const char *fault;

	apply_all(time, which);
	quiet = true;
	fault = look(time);
	quiet = false;
	disk_put_back(&cut_disk);
	crash_images++;
	if (fault)
		printf("  at %u of %u, %s: %s\n", time, disk.time,
		       which == NONE  ? "nothing else written"
		       : which == ALL ? "all written"
		       : which == SOME ? "some written" : "torn",
		       fault);
	return fault != NULL;
}

unsigned crash_run(const struct step *const *list, unsigned count,
                   const uint8_t *image, size_t size, unsigned cuts)
{
	unsigned faults;

	disk_open(&disk, image, size);
	disk.deferred = true;
	faults = run(list, count);
	work();
	disk_open(&cut_disk, image, size);
	cut_disk.undoing = true;
	for (uint32_t time = 0; time <= disk.time && !faults; time++) {
		faults += cut(time, NONE);
		faults += cut(time, ALL);
		for (unsigned i = 0; i < cuts; i++)
			faults += cut(time, i & 1 ? TORN : SOME);
	}
	for (unsigned k = 0; k < state_count; k++)
		snapshot_free(&states[k].snapshot);
	disk_close(&disk);
	disk_close(&cut_disk);
	return faults;
}
