// The chains of an index: names with hashes that end alike.
#pragma once
#include "disk/ext2_index.h"
#include "memory/page.h"

#define NAMES 256 // in a page
#define HEADS 1024 // in a page
#define ROOMS 2048 // in a page
#define NAME_PAGES 384 // at most: larger directories have no index
#define HEAD_PAGES 48
#define ROOM_PAGES 16

// Numbers of names start from 1, so that memory full of zeroes is empty.
struct ext2_index {
	struct list node; // among all, used last at the end
	struct ext2_inode *dir;
	uint32_t blocks; // of the directory that are in it
	struct ext2_index_part part; // of the next one
	uint32_t count, made; // names, and places for them that were used
	uint32_t free; // places that are not used any more, linked by next
	uint32_t chains, mask; // a power of two less one that they fit in
	unsigned frames;
	struct ext2_name added, removed; // by the change; next: is there any
	unsigned room; // that the removed one leaves
	uint32_t *heads[HEAD_PAGES];
	struct ext2_name *names[NAME_PAGES];
	uint16_t *rooms[ROOM_PAGES];
};

_Static_assert(sizeof(struct ext2_index) <= PAGE_SIZE, "it is one frame");
_Static_assert(sizeof(struct ext2_name) * NAMES == PAGE_SIZE, "a frame");

// A page of zeroes for it; NULL: there is none.  The index is not given up
// for that.
void *ext2_index_frame(struct ext2_index *index);

// Chains for a directory of that many bytes.  False: no memory.
bool ext2_chain_init(struct ext2_index *index, uint64_t size);

// Makes a place for a name.  False: no memory, or there are too many.
bool ext2_chain_reserve(struct ext2_index *index);

// Puts the name into the place, or takes the one that lies where it says out.
void ext2_chain_put(struct ext2_index *index, const struct ext2_name *name);
void ext2_chain_take(struct ext2_index *index, const struct ext2_name *name);
