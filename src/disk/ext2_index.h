// An index of a large directory, in memory: where the names with a given hash
// lie, and how much room each block has.  On the disk the directory stays a row
// of entries.  An index is made when a name is looked for, some blocks at a
// time, follows each change when that is kept, and is given up when memory is
// short.
//
// One has 98,304 names (ext2_chain.h), so that what it begins with fits a page.
// A directory with more works, too, but each name is looked for block by block:
// to make and remove them all takes time that grows with their square.
//
// Names are in a table of chains that grows by one chain at a time (linear
// hashing: W. Litwin, 1980), so that no call pays for all the others.
#pragma once
#include "disk/ext2.h"

// Smaller directories, in bytes, are looked through.
extern uint64_t ext2_index_from;

// An entry of the directory: byte `at` of its block `block`.
struct ext2_name {
	uint32_t next, hash, block;
	uint16_t at;
};

uint32_t ext2_index_hash(const char *name, size_t size);

// How far a block was put in.
struct ext2_index_part {
	uint16_t at; // byte of the next entry
	uint16_t room; // the largest so far
	unsigned budget; // entries in this pass
};

// Puts the next entries of a block into the index, all of them or as many as
// the budget says, and follows that in `part`.  0, -ENOMEM, ...
typedef int64_t (*ext2_index_block)(struct ext2_inode *dir, uint32_t block,
                                    struct ext2_index_part *part);

// 0: the index has all of the directory; 1: there is none for now; an error; or
// PENDING while it is made.
int64_t ext2_index_make(struct ext2_inode *dir, ext2_index_block more);
static inline int64_t ext2_index_ready(struct ext2_inode *dir,
                                       ext2_index_block more)
{
	return dir->inode.size < ext2_index_from ? 1
	                                         : ext2_index_make(dir, more);
}

// For `more`: an entry, and the largest room in a block.  0 or -ENOMEM.
int64_t ext2_index_put(struct ext2_inode *dir, const struct ext2_name *name);
int64_t ext2_index_room(struct ext2_inode *dir, uint32_t block, unsigned room);

// The first name with this hash, and the next one; NULL: none.
const struct ext2_name *ext2_index_first(struct ext2_inode *dir, uint32_t hash);
const struct ext2_name *ext2_index_next(struct ext2_inode *dir,
                                        const struct ext2_name *name);

// Between these two the directory's index is not given up.
void ext2_index_hold(struct ext2_inode *dir);
void ext2_index_release(void);

// Whether a block may have room for so many bytes; true without an index.
bool ext2_index_fits(struct ext2_inode *dir, uint32_t block, unsigned size);

// A block has less room than was thought.
void ext2_index_full(struct ext2_inode *dir, uint32_t block, unsigned room);

// Within a change: an entry comes, or goes and leaves that much room.
void ext2_index_add(struct ext2_inode *dir, const struct ext2_name *name);
void ext2_index_remove(struct ext2_inode *dir, const struct ext2_name *name,
                       unsigned room);

// The change is kept, or (an error) undone.
void ext2_index_settle(struct ext2_inode *dir, int64_t err);

// Forgets it.
void ext2_index_drop(struct ext2_inode *dir);

// Frames in all indices, and giving some up.
size_t ext2_index_spare(void);
size_t ext2_index_reclaim(size_t frames);
