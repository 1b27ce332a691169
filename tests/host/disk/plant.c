// Faults planted below the file system, to see that the crash tests find them:
// the log of the disk leaves out a request, or has it later, as if the journal
// had forgotten it.
#include "crash.h"
#include "disk/cache.h"
#include "disk/ext2_super.h"
#include "disk/journal_format.h"
#include <stdlib.h>
#include <string.h>

#define LATE 256

static bool is_log(uint64_t sector)
{
	const struct journal *j = &fs->journal;

	for (uint32_t i = 0; i < j->length; i++)
		if ((uint64_t)j->map[i] * (j->block_size / BLOCK_SECTOR) ==
		    sector)
			return true;
	return false;
}

static uint32_t kind_of(const struct block_request *r)
{
	const struct journal_header *h = r->buffer;

	if (r->op != BLOCK_WRITE || !is_log(r->sector))
		return 0;
	return h->magic == be32(JOURNAL_MAGIC) ? be32(h->kind) : 0;
}

static bool commit_written;

// Follows which flush of a commit this is.
static void follow(const struct block_request *r)
{
	if (kind_of(r) == JOURNAL_COMMIT)
		commit_written = true;
}

// The flush in front of the commit record is left out.
static bool no_flush(struct disk *disk, const struct block_request *r)
{
	(void)disk;
	follow(r);
	if (r->op != BLOCK_FLUSH || !fs->journal.committing)
		return false;
	if (!commit_written)
		return true;
	commit_written = false;
	return false;
}

// Revoke records are empty.
static bool no_revoke(struct disk *disk, const struct block_request *r)
{
	struct journal_revoke *revoke = r->buffer;

	(void)disk;
	if (kind_of(r) == JOURNAL_REVOKE)
		revoke->bytes = be32(sizeof *revoke);
	return false;
}

// Data goes to the disk only when the commit record is there.
static bool late_data(struct disk *disk, const struct block_request *r)
{
	static struct block_request late[LATE];
	static unsigned count;
	const struct cache_page *page = r->private;

	follow(r);
	if (r->op == BLOCK_FLUSH && (commit_written || !fs->journal.running)) {
		for (unsigned i = 0; i < count; i++) {
			disk_note(disk, &late[i]);
			disk->log[disk->logged - 1].ended = disk->time;
			free(late[i].buffer);
		}
		count = 0;
		commit_written = false;
	}
	if (r->op != BLOCK_WRITE || is_log(r->sector) ||
	    page->object->map == NULL || count == LATE)
		return false;
	late[count] = *r;
	late[count].buffer = malloc(r->count * BLOCK_SECTOR);
	memcpy(late[count++].buffer, r->buffer, r->count * BLOCK_SECTOR);
	return true;
}

// What was freed may be used again at once.
static bool early_reuse(struct disk *disk, const struct block_request *r)
{
	(void)disk, (void)r;
	for (uint32_t i = 0; fs && i < fs->groups; i++)
		for (int parity = 0; parity < 2; parity++)
			if (fs->states[i].freed[parity])
				memset(fs->states[i].freed[parity], 0,
				       fs->block_size);
	return false;
}

// A block goes to the log as the next transaction has changed it.
static bool no_freeze(struct disk *disk, const struct block_request *r)
{
	const struct journal_slot *slot = r->private;

	(void)disk;
	if (r->op == BLOCK_WRITE && is_log(r->sector) && slot->block &&
	    slot->block->frozen == r->buffer)
		memcpy(r->buffer, slot->block->page->data,
		       fs->journal.block_size);
	return false;
}

// The log is given up before what is at home is lasting there.
static bool early_tail(struct disk *disk, const struct block_request *r)
{
	(void)disk;
	return r->op == BLOCK_FLUSH && fs->journal.check_phase == 2;
}

static const struct {
	const char *name;
	bool (*hide)(struct disk *disk, const struct block_request *r);
} plants[] = {
	{ "no-flush", no_flush },
	{ "no-revoke", no_revoke },
	{ "late-data", late_data },
	{ "early-reuse", early_reuse },
	{ "no-freeze", no_freeze },
	{ "early-tail", early_tail },
};

bool plant_choose(const char *name)
{
	for (size_t i = 0; i < COUNT(plants); i++)
		if (strcmp(plants[i].name, name) == 0) {
			plant = plants[i].hide;
			return true;
		}
	return false;
}
