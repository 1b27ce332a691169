// Dirty pages: which there are, and a kernel task that writes them when they
// are old or many.
#pragma once
#include "disk/cache.h"

#define WRITEBACK_SECONDS 5

// Not dirty any more, in memory.
void cache_clean(struct cache_page *page);

// Begins to write the object's dirty pages, some at a time; then waits until
// all are out.  0, -EIO for a write that failed since it was asked last, or
// PENDING.
int64_t writeback_object(struct cache_object *object);

// Begins to write what of the object became dirty at `since` or before.  0, or
// PENDING: there is more.
int64_t writeback_object_until(struct cache_object *object, uint64_t since);

// Begins to write all of the disk that became dirty at `since` or before, but
// for one object.  0, or PENDING: there is more.
int64_t writeback_until(struct cache_disk *disk, uint64_t since,
                        const struct cache_object *except);

// Counts pages that became dirty.
extern uint64_t writeback_now;

// Objects that have dirty pages.
extern struct list writeback_objects;

// At most so many dirty pages: more have to wait.
extern size_t writeback_limit;

// Starts the task.  `limit`: that many dirty pages are too many.
void writeback_init(size_t limit);
void writeback_kick(void);

// One page more is on its way, or (-1) one less: more may be begun.
void writeback_moves(int begun);

// The task is woken when a page has become clean or is written: false if none
// is dirty or on its way.  Asks that they be written.
bool writeback_await(struct waiting *waiting);

// There is no memory for a page: waits until others can be given up.  PENDING,
// or -ENOMEM if there are none.
int64_t writeback_wait(void);
