#include "disk/journal_log.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "lib/errno.h"
#include "lib/string.h"

unsigned journal_tags(const struct journal *j)
{
	// The first tag is followed by a UUID.
	return (j->block_size - sizeof(struct journal_header) - 16) /
	       sizeof(struct journal_tag);
}

uint32_t log_after(const struct journal *j, uint32_t at)
{
	return at + 1 == j->length ? j->first : at + 1;
}

static void slot_done(struct block_request *request)
{
	struct journal_slot *slot = request->private;
	struct journal *j = slot->journal;
	struct journal_block *b = slot->block;

	if (request->error)
		j->failed = true;
	transport_wrote(j->disk);
	if (request->buffer == j->escape)
		j->escape_busy = false;
	if (b) {
		b->logging = false;
		b->logged = true;
		wake_all(&b->page->waker);
	}
	slot->journal = NULL;
	j->busy--;
	wake_all(&j->slot_waker);
}

static struct journal_slot *slot_free(struct journal *j)
{
	for (int i = 0; i < JOURNAL_SLOTS; i++)
		if (j->slots[i].journal == NULL)
			return &j->slots[i];
	return NULL;
}

bool log_write_at(struct journal *j, struct journal_block *block, void *data,
                  uint32_t at)
{
	struct journal_slot *slot = slot_free(j);
	uint32_t sectors = j->block_size / BLOCK_SECTOR;

	if (slot == NULL)
		return false;
	slot->journal = j;
	slot->block = block;
	slot->request = (struct block_request){
		.sector = (uint64_t)j->map[at] * sectors,
		.count = sectors,
		.op = BLOCK_WRITE,
		.buffer = data,
		.done = slot_done,
		.private = slot,
	};
	j->busy++;
	if (block)
		block->logging = true;
	block_submit(j->disk->device, &slot->request);
	return true;
}

bool log_write(struct journal *j, struct journal_block *block, void *data)
{
	uint32_t at = j->at;

	if (slot_free(j) == NULL)
		return false;
	j->at = log_after(j, at);
	return log_write_at(j, block, data, at);
}

int64_t log_settled(struct journal *j)
{
	if (j->busy)
		return park(&j->slot_waker);
	return j->failed ? -EIO : 0;
}

void *log_own(struct journal *j, uint32_t kind, uint32_t sequence)
{
	struct journal_header *header = j->own;

	memset(header, 0, j->block_size);
	header->magic = be32(JOURNAL_MAGIC);
	header->kind = be32(kind);
	header->sequence = be32(sequence);
	return header;
}

bool log_write_super(struct journal *j, uint32_t start, uint32_t sequence)
{
	struct journal_super *super = j->super;

	super->start = be32(start);
	super->sequence = be32(sequence);
	return log_write_at(j, NULL, super, 0);
}
