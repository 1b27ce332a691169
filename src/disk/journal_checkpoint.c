// Checkpoints: what is committed is written home, so that the log can be used
// again; starting and stopping the journal.
#include "disk/journal_log.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "lib/errno.h"
#include "memory/heap.h"
#include "memory/page.h"

static struct journal_block *block_home(struct list *node)
{
	return container_of(node, struct journal_block, home);
}

static struct transaction *oldest(const struct journal *j)
{
	if (list_empty(&j->done))
		return NULL;
	return container_of(j->done.next, struct transaction, node);
}

static bool block_running(const struct journal_block *b)
{
	return !list_empty(&b->in[0]) || !list_empty(&b->in[1]);
}

#define PASS 64 // blocks that are begun, or done with, in one pass

// Begins to write what has not been changed since it was committed.  -EAGAIN:
// that is all, but there was something else; or PENDING.
static int64_t home_begin(struct journal *j, struct transaction *t)
{
	unsigned budget = PASS;
	int64_t err = 0;

	block_hold(j->disk->device);
	LIST_EACH(node, &t->home) {
		struct journal_block *b = block_home(node);

		if (b->page->writing)
			continue;
		if (!b->homing && block_running(b)) {
			err = -EAGAIN;
			continue;
		}
		if (budget-- == 0) {
			err = park_again();
			break;
		}
		b->homing = !b->homing;
		if (b->homing) {
			transport_write(b->page);
			continue;
		}
		list_remove(node); // it is there
		if (!block_running(b))
			journal_block_free(j, b);
	}
	block_release(j->disk->device);
	return err;
}

// Changed blocks go with the transaction that changes them, so that is
// committed first.
static int64_t home(struct journal *j, struct transaction *t)
{
	while (!list_empty(&t->home)) {
		int64_t err = home_begin(j, t);

		if (j->meta->error)
			return -EIO;
		if (err == PENDING)
			return err;
		if (j->meta->writing)
			return park(&j->meta->waker);
		if (err) {
			j->want = j->running->tid;
			return err;
		}
	}
	return 0;
}

// The oldest transactions, until there is room, or none is left.
static int64_t check_home(struct journal *j)
{
	struct transaction *t;

	while ((t = oldest(j)) != NULL) {
		int64_t err;

		if (!j->want_empty && j->regained >= j->length / 2)
			return 0;
		err = home(j, t);
		if (err)
			return err;
		j->regained += t->log_blocks;
		list_remove(&t->node);
		kfree(t);
	}
	return 0;
}

static int64_t check_barrier(struct journal *j)
{
	j->barrier = j->disk->clock;
	return 0;
}

static int64_t check_flush(struct journal *j)
{
	return transport_flush(j->disk, j->barrier);
}

// The tail of the log goes behind what is at home.  An empty log begins where
// the next transaction will.
static int64_t check_tail(struct journal *j)
{
	struct transaction *t = oldest(j);

	log_write_super(j, t ? t->log_start : j->head,
	                t ? t->tid : j->committed + 1);
	return 0;
}

static int64_t check_finish(struct journal *j)
{
	j->free += j->regained;
	j->regained = 0;
	j->want_room = j->want_empty = false;
	wake_all(&j->room);
	return 0;
}

// What is at home must be lasting before the tail moves, and the tail before
// its old place is written again.
static int64_t (*const phases[])(struct journal *) = {
	check_home, check_barrier, check_flush, check_tail,
	log_settled, check_barrier, check_flush, check_finish,
};

#define PHASES (int)(sizeof phases / sizeof phases[0])

static int64_t run(struct journal *j, int *phase,
                   int64_t (*const list[])(struct journal *), int count)
{
	for (; *phase < count; ++*phase) {
		int64_t err = list[*phase](j);

		if (err)
			return err;
	}
	*phase = 0;
	return 0;
}

int64_t checkpoint(struct journal *j)
{
	int64_t err = run(j, &j->check_phase, phases, PHASES);

	return err == -EAGAIN ? 0 : err; // after a commit
}

// ---- the beginning and the end ----

static int64_t begin_tail(struct journal *j)
{
	log_write_super(j, j->first, j->tid);
	return 0;
}

static int64_t end_tail(struct journal *j)
{
	log_write_super(j, 0, j->committed + 1);
	return 0;
}

static int64_t blame_again(struct journal *j)
{
	log_write_at(j, NULL, j->super, 0);
	return 0;
}

static int64_t (*const begin[])(struct journal *) = {
	begin_tail, log_settled, check_barrier, check_flush,
};
static int64_t (*const end[])(struct journal *) = {
	end_tail, log_settled, check_barrier, check_flush,
};

static int64_t (*const blame[])(struct journal *) = {
	blame_again, log_settled, check_barrier, check_flush,
};

// Without a free slot it is left to the end.
void journal_blame(struct journal *j)
{
	struct journal_super *super = j->super;

	if (!j->present || j->error || j->task.finished)
		return;
	j->blamed = true;
	super->error = be32(-EIO);
	blame_again(j);
}

bool journal_is_blamed(const struct journal *j)
{
	const struct journal_super *super = j->super;

	return j->present && super->error;
}

int64_t journal_start(struct journal *j)
{
	int64_t err = run(j, &j->edge_phase, begin, 4);

	if (err)
		return err;
	j->committed = j->tid - 1;
	j->want = j->committed;
	j->head = j->first;
	// One block stays free, so that head and tail tell full from empty.
	j->free = j->length - j->first - 1;
	j->most = j->free / 4 < JOURNAL_MOST ? j->free / 4 : JOURNAL_MOST;
	j->task.poll = journal_poll;
	ktask_spawn(&j->task);
	return 0;
}

static int64_t stop_settle(struct journal *j)
{
	int64_t err = journal_wait(j, j->tid - 1); // the last one there is

	if (err || j->error)
		return err ? err : j->error;
	// Nor is a checkpoint still writing the super block.
	if (list_empty(&j->done) && !j->want_empty && !j->want_room)
		return 0;
	j->want_empty = true;
	wake_all(&j->work);
	return park(&j->room);
}

int64_t journal_stop(struct journal *j)
{
	int64_t err = 0;

	if (j->blamed)
		return run(j, &j->edge_phase, blame, 4);
	if (!j->present || j->error)
		return 0;
	if (!j->stopping)
		err = stop_settle(j);
	if (err)
		return err;
	j->stopping = true;
	return run(j, &j->edge_phase, end, 4);
}

// ---- memory ----

static void transaction_free(struct journal *j, struct transaction *t)
{
	if (t == NULL)
		return;
	LIST_EACH(node, &t->blocks) {
		struct journal_block *b = container_of(
			node, struct journal_block, in[t->tid & 1]);

		list_remove(node);
		if (!block_running(b))
			journal_block_free(j, b);
	}
	LIST_EACH(node, &t->home) {
		list_remove(node);
		if (!block_running(block_home(node)))
			journal_block_free(j, block_home(node));
	}
	LIST_EACH(node, &t->ordered)
		list_remove(node);
	LIST_EACH(node, &t->sent)
		list_remove(node);
	list_remove(&t->node);
	kfree(t->revoked);
	kfree(t);
}

void journal_free(struct journal *j)
{
	ktask_cancel(&j->task);
	transaction_free(j, j->running);
	transaction_free(j, j->committing);
	LIST_EACH(node, &j->done)
		transaction_free(j, container_of(node, struct transaction,
		                                 node));
	journal_buffer_free(j, j->super);
	journal_buffer_free(j, j->own);
	journal_buffer_free(j, j->escape);
	kfree(j->map);
	if (j->undo)
		page_put(j->undo);
}
