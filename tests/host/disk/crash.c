#include "crash.h"
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNSURE 4096 // writes that may be missing, at most

unsigned long crash_images, crash_mounted, crash_again, crash_judged;
struct effort effort = { .bound = 2, .cuts = 2 };
bool (*plant)(struct disk *disk, const struct block_request *request);

static struct disk disk, cut_disk;

static unsigned run(const struct step *const *list, unsigned count)
{
	disk.hide = plant;
	disk.logging = true;
	if (do_mount(&disk))
		return 1;
	states_begin(&disk);
	for (unsigned i = 0; i < count; i++) {
		list[i]->run(); // it may fail, if another took its file
		crash_mark();
	}
	do_sync();
	crash_lasting();
	return do_unmount() != 0;
}

// ---- the writes that may be missing ----

static uint32_t unsure[UNSURE]; // numbers in the log
static unsigned unsure_count;
static bool chosen[UNSURE];

// When the write has reached the medium for sure: with the first flush that
// began after its end.
static uint32_t lasts(const struct disk *d, const struct write *w)
{
	uint32_t when = UINT32_MAX;

	for (uint32_t i = 0; i < d->logged; i++) {
		const struct write *f = &d->log[i];

		if (f->op == BLOCK_FLUSH && f->started > w->ended &&
		    f->ended < when)
			when = f->ended;
	}
	return when;
}

// FNV-1a over words, with the place.
static uint64_t hash_sector(uint64_t sector, const uint8_t *data)
{
	uint64_t hash = 0xcbf29ce484222325 ^ sector, word;

	for (int i = 0; i < BLOCK_SECTOR; i += 8) {
		memcpy(&word, data + i, 8);
		hash = (hash ^ word) * 0x100000001b3;
		hash ^= hash >> 29;
	}
	return hash;
}

static void log_prepare(struct disk *d)
{
	for (uint32_t i = 0; i < d->logged; i++) {
		struct write *w = &d->log[i];

		if (w->op != BLOCK_WRITE)
			continue;
		w->lasts = lasts(d, w);
		w->hash = malloc(w->count * sizeof *w->hash);
		for (uint32_t k = 0; k < w->count; k++)
			w->hash[k] = hash_sector(w->sector + k,
			                         w->data + k * BLOCK_SECTOR);
	}
}

static void write_sector(struct disk *to, const struct write *w, uint32_t k)
{
	disk_save(to, w->sector + k);
	memcpy(to->bytes + (w->sector + k) * BLOCK_SECTOR,
	       w->data + k * BLOCK_SECTOR, BLOCK_SECTOR);
}

// ---- the image, as far as its hash goes ----

static uint64_t *sector_hash; // 0: not known yet
static uint64_t image_hash; // of what is sure

static uint64_t hash_of(uint64_t sector)
{
	if (sector_hash[sector] == 0)
		sector_hash[sector] = hash_sector(
			sector, cut_disk.bytes + sector * BLOCK_SECTOR);
	return sector_hash[sector];
}

// A set of numbers, never 0.
static uint64_t *seen;
static size_t seen_room, seen_count;

static bool seen_add(uint64_t number)
{
	size_t at;

	if (seen_count * 2 >= seen_room) {
		uint64_t *old = seen;
		size_t room = seen_room;

		seen_room = room * 2 + 1024;
		seen = calloc(seen_room, sizeof *seen);
		seen_count = 0;
		for (size_t i = 0; i < room; i++)
			if (old[i])
				seen_add(old[i]);
		free(old);
	}
	number |= 1;
	for (at = number % seen_room; seen[at]; at = (at + 1) % seen_room)
		if (seen[at] == number)
			return false;
	seen[at] = number;
	seen_count++;
	return true;
}

// What has become sure is a part of every image from now on.
static void promote(uint32_t time)
{
	cut_disk.undoing = false;
	unsure_count = 0;
	for (uint32_t i = 0; i < disk.logged; i++) {
		struct write *w = &disk.log[i];

		if (w->op != BLOCK_WRITE || w->started >= time || w->promoted)
			continue;
		if (w->lasts >= time) {
			unsure[unsure_count++] = i;
			continue;
		}
		w->promoted = true;
		for (uint32_t k = 0; k < w->count; k++) {
			image_hash ^= hash_of(w->sector + k) ^ w->hash[k];
			sector_hash[w->sector + k] = w->hash[k];
			write_sector(&cut_disk, w, k);
		}
	}
	cut_disk.undoing = true;
}

// ---- one image ----

static const char *files_are(uint32_t time)
{
	struct snapshot found;
	const char *fault = "cannot be read";

	snapshot_take(&found);
	if (!found.error)
		fault = states_compare(&found, time);
	snapshot_free(&found);
	return fault;
}

static const char *look(uint32_t time)
{
	const char *fault;

	cut_disk.deferred = chance(2);
	if (do_mount(&cut_disk))
		return "not mounted";
	work(); // orphans
	fault = files_are(time);
	if (do_unmount())
		return "not unmounted";
	return fault ? fault : check_image(cut_disk.bytes,
	                                   cut_disk.device.sectors *
	                                           BLOCK_SECTOR);
}

// HARDWARE.md, "ext2 tools": a replay of its own, then a check that finds
// nothing to ask about.
static const char *judge(void)
{
	char path[] = "/dev/shm/crash-XXXXXX", command[400];
	int fd = mkstemp(path), status;
	FILE *file = fdopen(fd, "wb");

	fwrite(cut_disk.bytes, BLOCK_SECTOR, cut_disk.device.sectors, file);
	fclose(file);
	snprintf(command, sizeof command,
	         "e2fsck -y -E journal_only %s >%s.out 2>&1;"
	         "e2fsck -fn %s >>%s.out 2>&1 && ! grep -q 'Fix?' %s.out ||"
	         "{ cat %s.out; false; }", path, path, path, path, path, path);
	status = system(command);
	snprintf(command, sizeof command, "%s.out", path);
	unlink(path);
	unlink(command);
	crash_judged++;
	return status ? "e2fsck finds something" : NULL;
}

// A piece of the image at hand.
static struct piece {
	const struct write *write;
	uint32_t k;
} *pieces;
static size_t piece_count, piece_room;

static void piece_add(const struct write *w, uint32_t k)
{
	if (piece_count == piece_room) {
		piece_room = piece_room * 2 + 1024;
		pieces = realloc(pieces, piece_room * sizeof *pieces);
	}
	pieces[piece_count++] = (struct piece){ w, k };
}

static void pieces_write(void)
{
	for (size_t i = 0; i < piece_count; i++)
		write_sector(&cut_disk, pieces[i].write, pieces[i].k);
}

// Power fails once more, while the image that was found is put in order.
static const char *look_again(uint32_t time)
{
	struct disk *d = &cut_disk;
	uint32_t when = chance(d->time + 1);
	bool torn = chance(2);

	d->logging = false;
	disk_put_back(d);
	pieces_write();
	for (uint32_t i = 0; i < d->logged; i++) {
		const struct write *w = &d->log[i];
		bool sure = w->op == BLOCK_WRITE && lasts(d, w) < when, some;

		if (w->op != BLOCK_WRITE || w->started >= when)
			continue;
		some = sure || chance(2);
		for (uint32_t k = 0; k < w->count; k++)
			if (sure || (torn ? chance(2) : some))
				write_sector(d, w, k);
	}
	disk_forget_log(d);
	crash_again++;
	return look(time);
}

static const char *examine(uint32_t time)
{
	const char *fault = NULL;
	bool again = effort.again && chance(effort.again) == 0;

	pieces_write();
	if (effort.judge && crash_mounted % effort.judge == 0)
		fault = judge();
	cut_disk.logging = again;
	if (!fault)
		fault = look(time);
	if (!fault && again)
		fault = look_again(time);
	cut_disk.logging = false;
	disk_forget_log(&cut_disk);
	crash_mounted++;
	return fault;
}

// Whether there was such an image, with such demands.
static bool is_new(uint32_t time)
{
	uint64_t hash = image_hash;

	for (size_t i = 0; i < piece_count; i++) {
		const struct piece *p = &pieces[i];

		hash ^= hash_of(p->write->sector + p->k) ^
		        p->write->hash[p->k];
		sector_hash[p->write->sector + p->k] = p->write->hash[p->k];
	}
	for (size_t i = 0; i < piece_count; i++)
		sector_hash[pieces[i].write->sector + pieces[i].k] = 0;
	return seen_add(hash ^ states_demand(time) * 0x9e3779b97f4a7c15);
}

// The image with the chosen writes, all of each or some sectors; how many
// faults.
static unsigned cut(uint32_t time, bool torn)
{
	const char *fault;

	piece_count = 0;
	for (unsigned i = 0; i < unsure_count; i++) {
		const struct write *w = &disk.log[unsure[i]];

		for (uint32_t k = 0; chosen[i] && k < w->count; k++)
			if (!torn || chance(2))
				piece_add(w, k);
	}
	crash_images++;
	if (!is_new(time))
		return 0;
	quiet = true;
	fault = examine(time);
	quiet = false;
	disk_put_back(&cut_disk);
	if (fault)
		printf("  at %u of %u, %zu sectors of %u writes%s: %s\n", time,
		       disk.time, piece_count, unsure_count,
		       torn ? ", torn" : "", fault);
	return fault != NULL;
}

// ---- which images ----

static void choose(bool all)
{
	memset(chosen, all, unsure_count);
}

static unsigned cut_some(uint32_t time)
{
	unsigned faults;

	choose(false);
	faults = cut(time, false);
	choose(true);
	faults += cut(time, false);
	for (unsigned i = 0; effort.singles && i < unsure_count; i++)
		for (int all = 0; all <= 1; all++) {
			choose(all);
			chosen[i] = !all;
			faults += cut(time, false);
		}
	return faults;
}

static unsigned cut_at(uint32_t time)
{
	unsigned faults = 0;

	promote(time);
	if (unsure_count > effort.bound)
		faults = cut_some(time);
	else
		for (unsigned mask = 0; mask < 1u << unsure_count; mask++) {
			for (unsigned i = 0; i < unsure_count; i++)
				chosen[i] = mask >> i & 1;
			faults += cut(time, false);
		}
	for (unsigned n = 0; n < effort.cuts && unsure_count; n++) {
		for (unsigned i = 0; i < unsure_count; i++)
			chosen[i] = n % 2 || chance(2);
		faults += cut(time, n % 2);
	}
	return faults;
}

unsigned crash_run(const struct step *const *list, unsigned count,
                   const uint8_t *image, size_t size)
{
	unsigned faults;

	disk_open(&disk, image, size);
	disk.deferred = true;
	faults = run(list, count);
	work();
	log_prepare(&disk);
	disk_open(&cut_disk, image, size);
	sector_hash = calloc(size / BLOCK_SECTOR, sizeof *sector_hash);
	image_hash = 0;
	for (uint32_t time = 0; time <= disk.time && !faults; time++)
		faults += cut_at(time);
	states_forget();
	free(sector_hash);
	free(seen);
	seen = NULL;
	seen_room = seen_count = 0;
	disk_close(&disk);
	disk_close(&cut_disk);
	return faults;
}
