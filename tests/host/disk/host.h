// What cache, ext2 and journal stand on, on the host: an executor for kernel
// tasks, memory from malloc(), and a disk in memory that remembers in which
// order it was written.
#pragma once
#include "disk/block.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// Calls `ask` until it answers something else than PENDING, and lets tasks and
// the disk work meanwhile.
int64_t until_done(int64_t (*ask)(void *arg), void *arg);

// Does what there is to be done, without waiting for time to pass.
void work(void);
void work_some(unsigned turns);

// Time passes by itself only so far that deadlines never come.
void time_pass(uint64_t seconds);

uint64_t chance(uint64_t below); // random, from seed_chance()'s number
void seed_chance(uint64_t seed);

// Every n-th allocation fails; 0: none.
extern unsigned memory_fails;
extern unsigned long memory_pages; // all there are; the cache gives up some
extern unsigned long memory_blocks; // in use
extern bool quiet; // kprintf() says nothing

// ---- the disk ----

struct write {
	enum block_op op; // or BLOCK_FLUSH
	uint64_t sector;
	uint32_t count;
	uint8_t *data;
	uint32_t started, ended; // when: counted in starts and ends
	uint32_t lasts; // the rest is the crash tests': lasting from then on,
	bool promoted; // and a part of every image;
	uint64_t *hash; // of each sector
};

struct disk {
	struct block_device device;
	uint8_t *bytes;
	bool deferred; // requests end later, in any order
	bool logging;
	unsigned fail_reads, fail_writes; // every n-th
	unsigned reads, writes;
	// The log, for crash tests.
	struct write *log;
	uint32_t logged, room, time;
	// What was overwritten, to be put back.
	bool undoing;
	uint8_t *saved; // a bit for each sector
	uint32_t *undo_sector;
	uint8_t *undo_data;
	size_t undos, undo_room;
	// Faults that are planted: a request that the log shall not know of;
	// see plant.c.
	bool (*hide)(struct disk *disk, const struct block_request *request);
	struct list waiting; // of runs
};

// All of a file, for free(); it ends the test if there is none.
uint8_t *image_read(const char *path, size_t *size);

void disk_open(struct disk *disk, const uint8_t *image, size_t size);
void disk_close(struct disk *disk);
void disk_forget_log(struct disk *disk);
void disk_note(struct disk *disk, const struct block_request *request);
void disk_save(struct disk *disk, uint64_t sector);
void disk_put_back(struct disk *disk);
bool disk_step(struct disk *disk); // one request ends
