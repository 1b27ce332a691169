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

// The same without waiting: what can be begun in one pass.
void writeback_begin(struct cache_object *object);

// A page of any object that has dirty ones.
extern struct list writeback_objects;

// At most so many dirty pages: more have to wait.
extern size_t writeback_limit;

// Starts the task.  `limit`: that many dirty pages are too many.
void writeback_init(size_t limit);
void writeback_kick(void);

// One page more is on its way, or (-1) one less: more may be begun.
void writeback_moves(int begun);

// There is no memory for a page: waits until others can be given up.  PENDING,
// or -ENOMEM if there are none.
int64_t writeback_wait(void);
