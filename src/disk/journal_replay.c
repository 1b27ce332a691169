// Replay: what the log holds of committed transactions is written home.  Three
// passes over the log, as jbd2 makes them: where it ends; what was revoked;
// and the blocks, except those that a later transaction revoked.
#include "disk/journal_log.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"

#define REVOKE_BUCKETS 256

struct revoked {
	struct revoked *next;
	uint32_t block, sequence;
};

enum { SCAN, REVOKES, BLOCKS, WRITE, FLUSH, SUPER, SETTLE, LAST, DONE };

// Everything that must outlast waiting.
struct replay {
	int pass;
	uint32_t at, sequence; // where this pass is
	uint32_t end; // the first transaction that is not whole
	uint32_t steps; // blocks looked at, never more than the log has
	unsigned tag; // blocks of the descriptor that are done
	struct revoked *revoked[REVOKE_BUCKETS];
	struct cache_page *log; // the block at hand
};

static int64_t log_get(struct journal *j, uint32_t at, struct cache_page **out)
{
	return cache_get(j->meta, j->map[at], out);
}

static bool is_ours(const struct journal_header *h, uint32_t sequence)
{
	return h->magic == be32(JOURNAL_MAGIC) && h->sequence == be32(sequence);
}

// The n-th tag of a descriptor; NULL behind the last.
static const struct journal_tag *tag_at(struct journal *j, const char *block,
                                        unsigned n)
{
	const char *at = block + sizeof(struct journal_header);
	const char *end = block + j->block_size - sizeof(struct journal_tag);

	for (;; n--) {
		const struct journal_tag *tag = (const struct journal_tag *)at;
		uint16_t flags;

		if (at > end)
			return NULL;
		if (n == 0)
			return tag;
		flags = be16(tag->flags);
		if (flags & TAG_LAST)
			return NULL;
		at += sizeof *tag + (flags & TAG_SAME_UUID ? 0 : 16);
	}
}

static unsigned tag_count(struct journal *j, const char *block)
{
	unsigned n = 0;

	while (tag_at(j, block, n))
		n++;
	return n;
}

static uint32_t log_forward(const struct journal *j, uint32_t at, uint32_t n)
{
	while (n--)
		at = log_after(j, at);
	return at;
}

// ---- revokes ----

static struct revoked *revoked_find(struct replay *r, uint32_t block)
{
	struct revoked *v = r->revoked[block % REVOKE_BUCKETS];

	while (v && v->block != block)
		v = v->next;
	return v;
}

static int revoked_add(struct replay *r, uint32_t block)
{
	struct revoked *v = revoked_find(r, block);

	if (v == NULL) {
		v = kmalloc(sizeof *v);
		if (v == NULL)
			return -ENOMEM;
		v->block = block;
		v->next = r->revoked[block % REVOKE_BUCKETS];
		r->revoked[block % REVOKE_BUCKETS] = v;
	}
	v->sequence = r->sequence; // the passes go forward: the latest
	return 0;
}

static int64_t revokes_of(struct journal *j, struct replay *r,
                          const struct journal_revoke *block)
{
	uint32_t bytes = be32(block->bytes);
	int err = 0;

	if (bytes < sizeof *block || bytes > j->block_size)
		return -EIO;
	for (uint32_t i = 0; !err && i < (bytes - sizeof *block) / 4; i++)
		err = revoked_add(r, be32(block->blocks[i]));
	return err;
}

// ---- blocks ----

// Copies one block home, in memory.
static int64_t block_home(struct journal *j, struct replay *r,
                          const struct journal_tag *tag, uint32_t from)
{
	uint32_t block = be32(tag->block);
	struct revoked *v = revoked_find(r, block);
	struct cache_page *log, *home;
	int64_t err;

	if (v && !tid_before(v->sequence, r->sequence))
		return 0;
	if (block >= j->disk_blocks)
		return -EIO;
	err = cache_throttle();
	if (!err)
		err = log_get(j, from, &log);
	if (err)
		return err;
	cache_hold(log);
	err = cache_get_new(j->meta, block, &home);
	cache_release(log);
	if (!err)
		err = cache_still(home);
	if (err)
		return err;
	memcpy(home->data, log->data, j->block_size);
	if (be16(tag->flags) & TAG_ESCAPED)
		*(uint32_t *)home->data = be32(JOURNAL_MAGIC);
	home->block[0] = block;
	home->valid = true;
	home->checked = false;
	cache_dirty(home);
	return 0;
}

static int64_t blocks_of(struct journal *j, struct replay *r)
{
	const struct journal_tag *tag;

	while ((tag = tag_at(j, r->log->data, r->tag)) != NULL) {
		int64_t err = block_home(j, r, tag,
		                         log_forward(j, r->at, r->tag + 1));

		if (err)
			return err;
		r->tag++;
	}
	return 0;
}

// ---- the passes ----

static void pass_begin(struct journal *j, struct replay *r, int pass)
{
	struct journal_super *super = j->super;

	r->pass = pass;
	r->at = be32(super->start);
	r->sequence = be32(super->sequence);
	r->steps = r->tag = 0;
}

static int64_t step_descriptor(struct journal *j, struct replay *r)
{
	unsigned n = tag_count(j, r->log->data);
	int64_t err = r->pass == BLOCKS ? blocks_of(j, r) : 0;

	if (err)
		return err;
	r->tag = 0;
	r->steps += n;
	// No descriptor is longer than the log.
	r->at = log_forward(j, r->at, n < j->length ? n : 0);
	return 0;
}

// One block of the journal's own.  1: the pass goes on behind it.
static int64_t step_block(struct journal *j, struct replay *r)
{
	const struct journal_header *h = r->log->data;
	int64_t err = 0;

	if (!is_ours(h, r->sequence))
		return 0;
	switch (be32(h->kind)) {
	case JOURNAL_DESCRIPTOR:
		err = step_descriptor(j, r);
		break;
	case JOURNAL_REVOKE:
		if (r->pass == REVOKES)
			err = revokes_of(j, r, r->log->data);
		break;
	case JOURNAL_COMMIT:
		r->sequence++;
		break;
	default:
		return 0;
	}
	return err ? err : 1;
}

// 0: the pass has ended.
static int64_t pass_run(struct journal *j, struct replay *r)
{
	while (r->steps < j->length &&
	       (r->pass == SCAN || r->sequence != r->end)) {
		int64_t err = log_get(j, r->at, &r->log);

		if (err)
			return err;
		cache_hold(r->log);
		err = step_block(j, r);
		cache_release(r->log);
		if (err <= 0)
			return err;
		r->at = log_after(j, r->at);
		r->steps++;
	}
	return 0;
}

static int64_t pass_next(struct journal *j, struct replay *r)
{
	int64_t err = 0;

	switch (r->pass) {
	case SCAN:
	case REVOKES:
	case BLOCKS:
		err = pass_run(j, r);
		if (!err && r->pass == SCAN)
			r->end = r->sequence;
		if (!err)
			pass_begin(j, r, r->pass + 1);
		return err;
	case WRITE:
		err = writeback_object(j->meta);
		j->barrier = j->disk->clock;
		break;
	case FLUSH:
	case LAST:
		err = transport_flush(j->disk, j->barrier);
		break;
	case SUPER:
		// One number is left out: a transaction that was not whole may
		// still lie where the next one will.
		j->tid = r->end + 1;
		log_write_super(j, 0, j->tid);
		break;
	case SETTLE:
		err = log_settled(j);
		j->barrier = j->disk->clock;
		break;
	}
	if (!err)
		r->pass++;
	return err;
}

static void replay_free(struct replay *r)
{
	for (int i = 0; i < REVOKE_BUCKETS; i++)
		while (r->revoked[i]) {
			struct revoked *v = r->revoked[i];

			r->revoked[i] = v->next;
			kfree(v);
		}
	kfree(r);
}

// Pages of the log lie among the disk's; nothing of them is needed again.
static void forget_log(struct journal *j)
{
	for (uint32_t i = 0; i < j->length; i++) {
		struct cache_page *page = cache_find(j->meta, j->map[i]);

		if (page && !page->holds && !page->reading && !page->writing)
			cache_drop(page);
	}
}

int64_t journal_replay(struct journal *j, struct replay **state)
{
	struct journal_super *super = j->super;
	struct replay *r = *state;
	int64_t err = 0;

	if (r == NULL) {
		j->tid = be32(super->sequence);
		if (super->start == 0)
			return 0;
		r = *state = kzalloc(sizeof *r);
		if (r == NULL)
			return -ENOMEM;
		pass_begin(j, r, SCAN);
	}
	while (!err && r->pass != DONE)
		err = pass_next(j, r);
	if (err == PENDING)
		return err;
	if (!err)
		j->tid = r->end + 1;
	forget_log(j);
	replay_free(r);
	*state = NULL;
	return err;
}
