// Block devices: what a disk is to those who stand above it.  Requests are
// asynchronous: block_submit() queues one, and its done() is called once when
// the device has dealt with it.
//
// What is promised, and what is not:
//   - done() is called exactly once, from an interrupt or from within
//     block_submit() or block_release(), never before the request is off all
//     lists: it may free it or submit it again, and submit others.
//   - There is no order.  Two requests in flight that overlap, one of them a
//     write, are the caller's mistake.
//   - A flush makes lasting what was written by requests whose done() came
//     before the flush was submitted; nothing is said of others.  A device
//     without a cache of its own answers at once.
//   - A failed write may have written none, some or all of its sectors.
//
// Plain C: with lib/list and lib/errno it runs on the host as well.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "lib/list.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_SECTOR 512 // bytes
#define BLOCK_PIECES 32 // requests that may go to the device as one
#define BLOCK_NAME 20 // characters of a serial number

enum block_op {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH, // sector, count and buffer say nothing
	BLOCK_IDENTIFY, // its serial number, by drivers that can ask for it
};

// One piece of contiguous memory, and where it belongs.  The caller sets
// sector, count, op, buffer, done and private, and keeps it until done().
struct block_request {
	struct list node; // of the device, while the request is under way
	uint64_t sector;
	uint32_t count; // sectors
	enum block_op op;
	void *buffer; // aligned to 16 bytes at least
	int error; // when done: 0, -EIO, -EROFS, or -EINVAL for what lies
		// outside of the device
	void (*done)(struct block_request *request);
	void *private; // the caller's
};

struct block_device {
	// Set by the driver, or the host's test, before block_register().
	const char *name; // as in /dev
	uint64_t sectors;
	bool read_only;
	bool has_flush; // else flushes are answered without the device
	unsigned depth; // runs that the device takes at a time, at least 1
	unsigned pieces; // requests in one run, 1 ... BLOCK_PIECES
	char serial[BLOCK_NAME + 1]; // "": none, or not known yet
	// Starts a run: requests of the same op, each where the one before
	// ends.  Takes all of them off the list, to give them to block_done()
	// later or at once.  Never called with `depth` runs under way.
	void (*start)(struct block_device *device, struct list *run);

	// The block layer's.
	struct list node; // among all devices
	struct list waiting; // requests, in the order they came
	unsigned held; // block_hold() without block_release()
	unsigned running; // runs under way
	bool starting; // is in block_start(), so does not go in again
	struct block_counts {
		uint64_t reads, writes; // runs that the device saw
		uint64_t reads_joined, writes_joined; // requests behind
			// the first of their run
		uint64_t flushes;
		uint64_t sectors_read, sectors_written;
		uint64_t requests; // submitted
		uint64_t errors; // requests that failed
	} counts;
};

// Queues a request; while the device has room it starts at once.
void block_submit(struct block_device *device, struct block_request *request);

// Between these two nothing is started, so that neighbours that are submitted
// in the order of their sectors reach the device as one run.  They nest.
void block_hold(struct block_device *device);
void block_release(struct block_device *device);

// ---- the list of devices ----

void block_register(struct block_device *device);
struct block_device *block_find(const char *name); // NULL: none
struct block_device *block_at(unsigned n); // in the order they came; NULL

// ---- for drivers ----

// A run is finished: each of its requests has this error, or 0.
void block_done(struct block_device *device, struct list *run, int error);

// The sectors of a run, and where it begins.
uint64_t block_run_sectors(const struct list *run);

// Moves a run from one list to the end of another.
static inline void block_take(struct list *to, struct list *run)
{
	LIST_EACH(node, run) {
		list_remove(node);
		list_add_tail(to, node);
	}
}

static inline struct block_request *block_first(const struct list *run)
{
	return container_of(run->next, struct block_request, node);
}
