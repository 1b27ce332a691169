// Committing: data, then the log, a flush, the commit record, a flush.  The
// steps are phases of the journal's task, which may wait in each.
#include "disk/journal_log.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "memory/heap.h"

#define PASS 64 // pages that are begun in one pass, or blocks that are done

static struct journal_block *block_in(struct list *node, unsigned parity)
{
	return container_of(node, struct journal_block, in[parity]);
}

// From here on changes belong to the next transaction.
static int64_t commit_close(struct journal *j)
{
	struct transaction *t = j->running;

	j->committing = t;
	j->running = NULL;
	t->log_start = j->at = j->head;
	t->log_blocks = journal_need(j, t->count, t->revokes);
	j->free -= t->log_blocks;
	j->next = j->covered = t->blocks.next;
	j->revoked = 0;
	wake_all(&j->room);
	return 0;
}

static struct cache_page *page_ordered(struct list *node)
{
	return container_of(node, struct cache_page, ordered);
}

int64_t journal_still(struct journal *j, struct cache_page *page)
{
	return journal_awaits(j, page) ? park(&page->waker) : cache_still(page);
}

// Each page is written once from here on, whoever changes it meanwhile; one
// that is on its way already may have been changed since it left, so it is
// left for later.  False: it has not come to the end.
static bool data_send(struct journal *j)
{
	struct transaction *t = j->committing;
	unsigned budget = PASS;

	block_hold(j->disk->device);
	LIST_EACH(node, &t->ordered) {
		struct cache_page *page = page_ordered(node);

		if (budget-- == 0)
			break;
		if (page->writing)
			continue;
		list_remove(node);
		if (page->dirty) {
			list_add_tail(&t->sent, node);
			transport_write(page);
		} else {
			wake_all(&page->waker);
		}
	}
	block_release(j->disk->device);
	return budget <= PASS;
}

// Blocks that the transaction has allocated hold their data before anything
// refers to them.
static int64_t commit_data(struct journal *j)
{
	struct transaction *t = j->committing;
	unsigned budget = PASS;

	while (!list_empty(&t->ordered)) {
		bool all = data_send(j);
		struct cache_page *first = page_ordered(t->ordered.next);

		if (list_empty(&t->ordered))
			break;
		if (first->writing)
			return park(&first->waker);
		if (!all)
			return park_again();
	}
	LIST_EACH(node, &t->sent) {
		struct cache_page *page = page_ordered(node);

		if (page->writing)
			return park(&page->waker);
		if (budget-- == 0)
			return park_again();
		list_remove(node);
		wake_all(&page->waker); // who waits to change it
	}
	return 0;
}

static int64_t commit_revokes(struct journal *j)
{
	struct transaction *t = j->committing;
	unsigned most = (j->block_size - sizeof(struct journal_revoke)) /
	                sizeof(uint32_t);

	while (j->revoked < t->revokes) {
		struct journal_revoke *r;
		unsigned n = t->revokes - j->revoked;
		int64_t err = log_settled(j); // its buffer is free again

		if (err)
			return err;
		n = n < most ? n : most;
		r = log_own(j, JOURNAL_REVOKE, t->tid);
		r->bytes = be32(sizeof *r + n * sizeof r->blocks[0]);
		for (unsigned i = 0; i < n; i++)
			r->blocks[i] = be32(t->revoked[j->revoked + i]);
		log_write(j, NULL, r);
		j->revoked += n;
	}
	return log_settled(j);
}

// ---- metadata ----

static void *block_data(const struct journal_block *b)
{
	return b->frozen ? b->frozen : b->page->data;
}

static bool block_escapes(const struct journal_block *b)
{
	return *(uint32_t *)block_data(b) == be32(JOURNAL_MAGIC);
}

// What was freed in this very transaction is not worth the log.
static struct list *commit_skip(struct journal *j, struct list *node)
{
	struct transaction *t = j->committing;
	unsigned parity = t->tid & 1;

	while (node != &t->blocks && block_in(node, parity)->forgotten[parity])
		node = node->next;
	return node;
}

static uint16_t *put_tag(struct journal_block *b, char **at, bool first)
{
	struct journal_tag *tag = (struct journal_tag *)*at;

	tag->block = be32(b->page->index);
	tag->flags = be16((first ? 0 : TAG_SAME_UUID) |
	                  (block_escapes(b) ? TAG_ESCAPED : 0));
	*at += sizeof *tag + (first ? 16 : 0);
	return &tag->flags;
}

// Describes the blocks that follow, as many as fit.
static void commit_descriptor(struct journal *j)
{
	struct transaction *t = j->committing;
	char *own = log_own(j, JOURNAL_DESCRIPTOR, t->tid);
	char *at = own + sizeof(struct journal_header);
	struct journal_super *super = j->super;
	uint16_t *flags = NULL;
	unsigned n = journal_tags(j);

	while (j->covered != &t->blocks && n--) {
		struct journal_block *b = block_in(j->covered, t->tid & 1);

		flags = put_tag(b, &at, flags == NULL);
		j->covered = commit_skip(j, j->covered->next);
	}
	memcpy(own + sizeof(struct journal_header) + sizeof(struct journal_tag),
	       super->uuid, 16);
	*flags |= be16(TAG_LAST);
	log_write(j, NULL, own);
}

// A block that looks like one of the journal's own goes without its magic.
// False: it has to wait.
static bool commit_block(struct journal *j, struct journal_block *b)
{
	void *data = block_data(b);

	if (!block_escapes(b))
		return log_write(j, b, data);
	if (j->escape_busy)
		return false;
	memcpy(j->escape, data, j->block_size);
	memset(j->escape, 0, sizeof(uint32_t));
	j->escape_busy = log_write(j, b, j->escape);
	return j->escape_busy;
}

static int64_t commit_covered(struct journal *j)
{
	unsigned parity = j->committing->tid & 1, budget = PASS;

	while (j->next != j->covered) {
		if (budget-- == 0)
			return park_again();
		if (!commit_block(j, block_in(j->next, parity)))
			return park(&j->slot_waker);
		j->next = commit_skip(j, j->next->next);
	}
	return 0;
}

static int64_t commit_log(struct journal *j)
{
	struct transaction *t = j->committing;
	int64_t err = 0;

	block_hold(j->disk->device);
	if (j->next == t->blocks.next && j->covered == j->next)
		j->next = j->covered = commit_skip(j, j->next);
	for (;;) {
		err = commit_covered(j);
		if (err || j->covered == &t->blocks)
			break;
		err = log_settled(j); // the descriptor's buffer is free again
		if (err)
			break;
		commit_descriptor(j);
	}
	block_release(j->disk->device);
	return err ? err : log_settled(j);
}

static int64_t commit_record(struct journal *j)
{
	uint64_t seconds = clock_realtime() / NANOSECONDS;
	// Behind the header: no checksums, then the time (commit_header).
	uint32_t *words = log_own(j, JOURNAL_COMMIT, j->committing->tid);

	words[12] = be32(seconds >> 32);
	words[13] = be32(seconds);
	log_write(j, NULL, words);
	return 0;
}

// All that was written so far is lasting when the flush has ended.
static int64_t commit_barrier(struct journal *j)
{
	j->barrier = j->disk->clock;
	return 0;
}

static int64_t commit_flush(struct journal *j)
{
	return transport_flush(j->disk, j->barrier);
}

// ---- the end ----

// Committed: it is to be written home, unless it was freed.
static void finish_block(struct journal *j, struct journal_block *b)
{
	struct transaction *t = j->committing;
	struct cache_page *page = b->page;

	list_remove(&b->in[t->tid & 1]);
	journal_buffer_free(j, b->frozen);
	b->frozen = NULL;
	b->logged = b->homing = false;
	list_remove(&b->home);
	if (!b->forgotten[t->tid & 1]) {
		list_add_tail(&t->home, &b->home);
		return;
	}
	b->forgotten[t->tid & 1] = false;
	if (!list_empty(&b->in[~t->tid & 1]))
		return; // a bent image: it has two owners
	journal_block_free(j, b);
	if (page->holds == 0 && !page->reading)
		cache_drop(page);
}

static int64_t commit_finish(struct journal *j)
{
	struct transaction *t = j->committing;
	unsigned budget = PASS;

	LIST_EACH(node, &t->blocks) {
		if (budget-- == 0)
			return park_again();
		finish_block(j, block_in(node, t->tid & 1));
	}
	kfree(t->revoked);
	t->revoked = NULL;
	j->head = j->at;
	list_add_tail(&j->done, &t->node);
	j->committed = t->tid;
	j->committing = NULL;
	j->on_commit(j, t->tid & 1);
	wake_all(&j->committed_waker);
	wake_all(&j->room);
	return 0;
}

static int64_t (*const phases[])(struct journal *) = {
	commit_close,  commit_data,    commit_revokes, commit_log,
	commit_barrier, commit_flush,  commit_record,  log_settled,
	commit_barrier, commit_flush,  commit_finish,
};

#define PHASES (int)(sizeof phases / sizeof phases[0])

static int64_t commit(struct journal *j)
{
	for (; j->phase < PHASES; j->phase++) {
		int64_t err = phases[j->phase](j);

		if (err)
			return err;
	}
	j->phase = 0;
	return 0;
}

// ---- the task ----

static uint64_t commit_deadline(const struct journal *j)
{
	return j->running->began +
	       clock_ticks(JOURNAL_SECONDS * NANOSECONDS);
}

static bool commit_due(const struct journal *j)
{
	const struct transaction *t = j->running;

	if (j->phase)
		return true;
	return t && (!tid_before(j->want, t->tid) ||
	             clint_now() >= commit_deadline(j));
}

// An empty transaction is not worth a commit, but somebody may wait for it.
static int64_t journal_turn(struct journal *j)
{
	int64_t err = 0;

	while (!err && !j->error) {
		if (commit_due(j))
			err = commit(j);
		else if (j->want_room || j->want_empty)
			err = checkpoint(j);
		else
			return 0;
	}
	return err;
}

int64_t journal_poll(struct ktask *task)
{
	struct journal *j = container_of(task, struct journal, task);
	int64_t err;

	park_task = &task->waiting;
	err = journal_turn(j);
	park_task = NULL;
	if (err == PENDING)
		return PENDING;
	if (err)
		journal_abort(j, "the journal cannot be written");
	wait_on(&task->waiting, &j->work);
	if (!j->error && j->running)
		wait_until(&task->waiting, commit_deadline(j));
	return PENDING;
}
