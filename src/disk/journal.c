#include "disk/journal.h"
#include "disk/journal_log.h"
#include "disk/park.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/clint.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/page.h"

// What the change that is being made has overwritten: records, each with its
// old bytes behind it, to be put back from the last to the first.
struct undo {
	struct cache_page *page;
	uint32_t previous; // where the record before this one lies
	uint16_t offset, size;
	bool forget;
};

#define UNDO_ORDER 4
#define UNDO_ROOM (PAGE_SIZE << UNDO_ORDER)

void *journal_buffer(const struct journal *j)
{
	return j->block_size == PAGE_SIZE ? page_alloc(0)
	                                  : kmalloc(j->block_size);
}

void journal_buffer_free(const struct journal *j, void *buffer)
{
	if (buffer && j->block_size == PAGE_SIZE)
		page_put(buffer);
	else
		kfree(buffer);
}

// ---- the beginning ----

static struct transaction *transaction_new(struct journal *j)
{
	struct transaction *t = kzalloc(sizeof *t);

	if (t == NULL)
		return NULL;
	t->tid = j->tid++;
	list_init(&t->blocks);
	list_init(&t->ordered);
	list_init(&t->sent);
	list_init(&t->node);
	list_init(&t->home);
	t->began = clint_now();
	wake_all(&j->work); // to look at the time
	return t;
}

// Log blocks that so many blocks and revokes take.
uint32_t journal_need(const struct journal *j, unsigned blocks,
                      unsigned revokes)
{
	unsigned per_tags = journal_tags(j);
	unsigned per_revoke = (j->block_size - sizeof(struct journal_revoke)) /
	                      sizeof(uint32_t);

	return blocks + (blocks + per_tags - 1) / per_tags +
	       (revokes + per_revoke - 1) / per_revoke + 1;
}

// There is always room for the running transaction, or nothing could be
// committed any more and nothing made room for it.
static int64_t begin_in(struct journal *j, struct transaction *t,
                        unsigned credits)
{
	if (t->count + credits > j->most) {
		journal_ask(j, t->tid);
		return park(&j->room);
	}
	if (j->free < 2 * j->most + JOURNAL_REVOKES &&
	    j->free < journal_need(j, t->count + credits,
	                           t->revokes + JOURNAL_REVOKES)) {
		j->want_room = true;
		wake_all(&j->work);
		return park(&j->room);
	}
	return 0;
}

int64_t journal_begin(struct journal *j, unsigned credits)
{
	int64_t err;

	if (j->open)
		panic("journal: a change within a change");
	if (j->error)
		return -EROFS;
	if (j->undo == NULL)
		j->undo = page_alloc(UNDO_ORDER);
	if (j->undo == NULL)
		return -ENOMEM;
	if (j->present) {
		if (j->running == NULL)
			j->running = transaction_new(j);
		if (j->running == NULL)
			return -ENOMEM;
		err = begin_in(j, j->running, credits);
		if (err)
			return err;
		j->revokes_before = j->running->revokes;
		j->allowed = j->running->count + credits;
	}
	j->open = true;
	j->undo_used = 0;
	return 0;
}

// ---- changes ----

static struct journal_block *block_of(struct cache_page *page)
{
	struct journal_block *b = page->journal;

	if (b)
		return b;
	b = kzalloc(sizeof *b);
	if (b == NULL)
		return NULL;
	b->page = page;
	list_init(&b->in[0]);
	list_init(&b->in[1]);
	list_init(&b->home);
	page->journal = b;
	cache_hold(page);
	return b;
}

void journal_block_free(struct journal *j, struct journal_block *b)
{
	list_remove(&b->home);
	b->page->journal = NULL;
	cache_release(b->page);
	journal_buffer_free(j, b->frozen);
	kfree(b);
}

static bool block_idle(const struct journal_block *b)
{
	return list_empty(&b->in[0]) && list_empty(&b->in[1]) &&
	       list_empty(&b->home);
}

// The commit that is under way gets the contents as they are now: a copy,
// unless they are in the log already.
static int64_t block_freeze(struct journal *j, struct journal_block *b)
{
	unsigned parity;

	if (j->committing == NULL)
		return 0;
	parity = j->committing->tid & 1;
	if (list_empty(&b->in[parity]) || b->logged || b->frozen)
		return 0;
	if (b->logging)
		return park(&b->page->waker);
	b->frozen = journal_buffer(j);
	if (b->frozen == NULL)
		return -ENOMEM;
	memcpy(b->frozen, b->page->data, j->block_size);
	return 0;
}

// Whether the page can be changed now.
static int64_t change_may(struct journal *j, struct cache_page *page)
{
	struct journal_block *b;
	int64_t err;

	if (!j->present)
		return 0;
	// On its way home: the device must not see what is not committed.
	err = cache_still(page);
	if (err)
		return err;
	b = block_of(page);
	if (b == NULL)
		return -ENOMEM;
	err = block_freeze(j, b);
	if (err && block_idle(b))
		journal_block_free(j, b);
	return err;
}

// Whole words, so that the few bytes of most changes are copied by one or two;
// what else is in them is put back as it was at that time, too.
static inline void undo_copy(uint64_t *to, const uint64_t *from, size_t size)
{
	if (size > 4 * sizeof *to)
		memcpy(to, from, size);
	else
		for (; size; size -= sizeof *to)
			*to++ = *from++;
}

static struct undo *undo_push(struct journal *j, struct cache_page *page,
                              void *at, size_t size)
{
	struct undo *u = (void *)(j->undo + j->undo_used);
	size_t offset = at ? (char *)at - (char *)page->data : 0;
	size_t start = offset & ~7ul;

	size = (offset + size + 7 - start) & ~7ul;
	if (sizeof *u + size > UNDO_ROOM - j->undo_used)
		panic("journal: a change is too large to be undone");
	u->page = page;
	u->previous = j->undo_last;
	u->offset = start;
	u->size = size;
	u->forget = false;
	undo_copy((void *)(u + 1), page->data + start, size);
	j->undo_last = j->undo_used;
	j->undo_used += sizeof *u + size;
	cache_hold(page);
	return u;
}

// Most pages are known to the journal, and no commit is under way.
static inline bool change_known(const struct journal *j,
                                const struct cache_page *page)
{
	return page->journal && !j->committing && !page->writing &&
	       !page->reading;
}

int64_t journal_change(struct journal *j, struct cache_page *page, void *at,
                       size_t size)
{
	int64_t err = change_known(j, page) ? 0 : change_may(j, page);

	page->checked = false;
	if (!err)
		undo_push(j, page, at, size);
	return err;
}

static int revoke_add(struct transaction *t, uint32_t block)
{
	unsigned room = t->revoke_room ? t->revoke_room * 2 : 64;
	uint32_t *larger;

	if (t->revokes == t->revoke_room) {
		larger = kmalloc(room * sizeof *larger);
		if (larger == NULL)
			return -ENOMEM;
		if (t->revokes)
			memcpy(larger, t->revoked, t->revokes * sizeof *larger);
		kfree(t->revoked);
		t->revoked = larger;
		t->revoke_room = room;
	}
	t->revoked[t->revokes++] = block;
	return 0;
}

int64_t journal_forget(struct journal *j, uint32_t block)
{
	struct cache_page *page = cache_find(j->meta, block);
	int64_t err = page ? cache_still(page) : 0;

	// First the revoke, which an undo takes back.
	if (!err && j->present)
		err = revoke_add(j->running, block);
	if (!err && page)
		err = change_may(j, page);
	if (err || page == NULL)
		return err;
	undo_push(j, page, NULL, 0)->forget = true;
	return 0;
}

bool journal_awaits(const struct journal *j, const struct cache_page *page)
{
	return j->committing && !list_empty(&page->ordered) &&
	       page->parity == (j->committing->tid & 1);
}

int64_t journal_order(struct journal *j, struct cache_page *page)
{
	if (!j->present)
		return 0;
	if (journal_awaits(j, page))
		return park(&page->waker);
	list_remove(&page->ordered);
	list_add_tail(&j->running->ordered, &page->ordered);
	page->parity = j->running->tid & 1;
	return 0;
}

// ---- the end ----

static struct undo *undo_at(const struct journal *j, uint32_t at)
{
	return (struct undo *)(j->undo + at);
}

static void keep_in_log(struct journal *j, struct undo *u)
{
	struct transaction *t = j->running;
	struct journal_block *b = u->page->journal;
	struct list *in = &b->in[t->tid & 1];

	if (u->forget)
		b->forgotten[t->tid & 1] = true;
	if (!list_empty(in))
		return;
	list_add_tail(&t->blocks, in);
	if (++t->count > j->allowed && DEBUG)
		panic("journal: a change of more blocks than it asked for");
}

// Without a log a page goes home by itself, and one that was freed nowhere,
// when the last record of it is looked at.
static void keep_plain(struct undo *u)
{
	struct cache_page *page = u->page;

	if (u->forget)
		page->doomed = true;
	if (!page->doomed)
		cache_dirty(page);
	else if (page->holds == 0)
		cache_drop(page);
}

// From the last to the first; each of them lets go of its page.
static void undo_each(struct journal *j, bool back)
{
	size_t left = j->undo_used;

	while (left) {
		struct undo *u = undo_at(j, j->undo_last);
		struct cache_page *page = u->page;

		if (back)
			memcpy(page->data + u->offset, u + 1, u->size);
		else if (j->present)
			keep_in_log(j, u);
		left = j->undo_last;
		j->undo_last = u->previous;
		cache_release(page);
		if (!j->present && !back)
			keep_plain(u);
		else if (page->journal && block_idle(page->journal))
			journal_block_free(j, page->journal);
	}
	j->undo_used = 0;
	j->open = false;
}

void journal_keep(struct journal *j)
{
	undo_each(j, false);
}

void journal_undo(struct journal *j)
{
	undo_each(j, true);
	if (j->present)
		j->running->revokes = j->revokes_before;
}

// ---- waiting for commits ----

void journal_ask(struct journal *j, uint32_t tid)
{
	if (tid_before(j->want, tid))
		j->want = tid;
	wake_all(&j->work);
}

int64_t journal_wait(struct journal *j, uint32_t tid)
{
	// Neither committed already, nor of a transaction yet to come.
	if (!j->present || !tid_before(j->committed, tid) ||
	    !tid_before(tid, j->tid))
		return 0;
	if (j->error)
		return -EIO;
	journal_ask(j, tid);
	return park(&j->committed_waker);
}

void journal_abort(struct journal *j, const char *why)
{
	if (j->error)
		return;
	j->error = -EIO;
	j->on_error(j, why);
	wake_all(&j->room);
	wake_all(&j->committed_waker);
}
