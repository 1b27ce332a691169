// The journal of a file system: changes of metadata are gathered in a running
// transaction, which is committed as a whole.  Its blocks go to a log first,
// behind the data that they refer to; home only when the log says that they
// are committed.  So after a power cut the log holds what is missing at home.
//
// A change is made in one pass through the kernel, between journal_begin() and
// journal_keep() or journal_undo(): nobody sees a part of it, neither in
// memory nor after a power cut.
//
// Without a log the same calls only mark pages dirty.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "disk/cache.h"
#include "disk/journal_format.h"
#include "process/task.h"

#define JOURNAL_SLOTS 32 // log blocks on their way at a time
#define JOURNAL_CREDITS 40 // blocks that a change touches, at most
#define JOURNAL_MOST 512 // blocks in a transaction, at most
#define JOURNAL_REVOKES 32 // blocks of metadata that it frees
#define JOURNAL_SECONDS 5 // a transaction runs for so long

struct transaction {
	uint32_t tid;
	struct list blocks; // journal_block.in[tid & 1]
	unsigned count;
	struct list ordered; // pages of data that are written first
	struct list sent; // those that the commit has begun to write
	uint32_t *revoked;
	unsigned revokes, revoke_room;
	uint64_t began;
	uint32_t log_start, log_blocks;
	struct list node; // among the committed ones, oldest first
	struct list home; // journal_block.home: not yet written there
};

// What the journal knows of a page of metadata; it holds the page.
struct journal_block {
	struct cache_page *page;
	struct list in[2]; // one running, one that is being committed
	struct list home;
	void *frozen; // contents as they are committed, where the running
		// transaction has changed them since
	bool logging; // the page itself is on its way to the log
	bool logged; // the commit has written it
	bool homing; // is being written home
	bool forgotten[2]; // freed in that transaction
};

// A block on its way to the log.
struct journal_slot {
	struct journal *journal;
	struct journal_block *block; // NULL: one of the journal's own
	struct block_request request;
};

struct journal {
	struct cache_disk *disk;
	struct cache_object *meta; // the metadata of the disk
	bool present; // there is a log
	int error; // given up: why; nothing is changed any more
	bool blamed; // what is on the disk makes no sense
	uint32_t *map; // blocks of the log on the disk
	uint32_t block_size, first, length;
	uint32_t disk_blocks; // no block of the disk is beyond
	uint32_t head, free; // where the log goes on, room in it
	uint32_t most; // blocks in a transaction
	uint32_t tid; // of the next transaction
	uint32_t committed; // all up to this one are
	struct transaction *running, *committing;
	struct list done; // committed, not all at home
	void *super, *own, *escape; // buffers of a block
	void (*on_commit)(struct journal *journal, unsigned parity);
	void (*on_error)(struct journal *journal, const char *why);

	// The task that commits.
	struct ktask task;
	struct waker work, room, committed_waker;
	uint32_t want; // commit all up to this one
	bool want_room, want_empty;
	int phase, check_phase, edge_phase; // of commit, checkpoint, and the
		// beginning and the end
	bool stopping;
	uint32_t regained; // log blocks, once the tail has moved
	struct list *next; // of the blocks to be logged
	struct list *covered; // the first that the descriptor does not cover
	unsigned revoked; // revokes written
	uint32_t at; // in the log
	unsigned busy; // slots under way
	bool escape_busy, failed;
	uint64_t barrier;
	struct waker slot_waker;
	struct journal_slot slots[JOURNAL_SLOTS];

	// The change that is being made.
	bool open;
	unsigned allowed; // blocks in the transaction, with its credits
	char *undo; // what it has overwritten
	size_t undo_used, undo_last;
	unsigned revokes_before;
};

// Starts a change of up to `credits` blocks.  0, -EROFS, -ENOMEM or PENDING.
int64_t journal_begin(struct journal *journal, unsigned credits);

// These bytes of the page are going to be changed; nobody has checked it then.
// 0, -ENOMEM, or PENDING.
int64_t journal_change(struct journal *journal, struct cache_page *page,
                       void *at, size_t size);

// The metadata block is freed: never replayed from before.  The same answers.
int64_t journal_forget(struct journal *journal, uint32_t block);

// The page's data belong to blocks that the change has allocated.  0, or
// PENDING while the commit before waits for the page.
int64_t journal_order(struct journal *journal, struct cache_page *page);

// Whether the commit that is under way waits for the page to be written: till
// then it must not lose its blocks or its contents.  journal_still() waits for
// the end of that and of any transport.  0 or PENDING.
bool journal_awaits(const struct journal *journal,
                    const struct cache_page *page);
int64_t journal_still(struct journal *journal, struct cache_page *page);

// Ends the change: for good, or as if it had never begun.
void journal_keep(struct journal *journal);
void journal_undo(struct journal *journal);

// The number of the transaction that a change now would belong to; the last
// one that there was is tid - 1.
static inline uint32_t journal_now(const struct journal *journal)
{
	return journal->running ? journal->running->tid : journal->tid;
}

// Numbers wrap.
static inline bool tid_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

// Waits until the transaction is committed.  0, -EIO, PENDING.
int64_t journal_wait(struct journal *journal, uint32_t tid);

// Asks for it without waiting.
void journal_ask(struct journal *journal, uint32_t tid);

// What is on the disk makes no sense.  The log's super block says so, until
// e2fsck has looked at all of it (s_errno of jbd2); it is written now, and once
// more at the end.
void journal_blame(struct journal *journal);
bool journal_is_blamed(const struct journal *journal); // as it was found

// Gives up; nothing else is written any more.
void journal_abort(struct journal *journal, const char *why);

// Starts it over a log whose state the replay has found; its end leaves the
// log empty.  0, an error, or PENDING.
int64_t journal_start(struct journal *journal);
int64_t journal_stop(struct journal *journal);

// Lets go of the memory.
void journal_free(struct journal *journal);

// Replays what the log holds, to the pages of the disk, and writes them.
struct replay;
int64_t journal_replay(struct journal *journal, struct replay **state);
