// Pages to and from the disk, and flushes.  The pieces of a page that lie
// together on the disk are one request; a page in several pieces goes piece
// after piece, with the one request that is a part of it.
#pragma once
#include "disk/cache.h"

// Pieces without a block are zeroes.
void transport_read(struct cache_page *page);

// The page is valid and not on its way already; it is not dirty any more.
void transport_write(struct cache_page *page);

// Waits until the first `begun` writes of pages have ended.  0 or PENDING.
int64_t transport_until(struct cache_disk *disk, uint64_t begun);

// A write that was none of a page has ended.
void transport_wrote(struct cache_disk *disk);

// What was written until `clock` of the disk is lasting.  0; -EIO, for all who
// ask for it, if the device has failed to; or PENDING.
int64_t transport_flush(struct cache_disk *disk, uint64_t clock);
