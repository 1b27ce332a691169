// ext2 in memory: a mounted file system and its inodes.  What is on the disk
// is changed in place in the pages of the cache, within a change of the
// journal; inodes in memory keep the page that they lie in.
//
// Nothing that was read is believed: numbers are checked where they are used,
// and what makes no sense turns the mount read-only (ext2_corrupt).
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "disk/ext2_format.h"
#include "disk/journal.h"
#include "files/inode.h"

struct ext2_inode {
	struct inode inode; // first
	struct ext2 *fs;
	struct cache_object data;
	struct cache_page *page; // with raw, held
	struct ext2_raw *raw;
	struct list hash, idle, orphan; // orphan: see ext2_orphan.h
	uint32_t tid; // the last transaction that changed it
	uint32_t goal; // where its next block might be
	uint32_t above; // the directory that it was found in last; 0: none
	uint32_t room; // directory: no block before has room for a name
	uint32_t found; // directory: the block with the name found last
	uint32_t found_at; // where that lies on the disk; 0: not known
	struct ext2_index *index; // directory: NULL: none
	uint32_t unindexed; // look-ups until it may have one
	bool cutting; // blocks behind its end are still to be freed
	bool reaped; // the reaper has something to do for it
	bool given_up; // and could not
	uint32_t unseen; // pages that it has not looked at
	bool tail; // what is behind its end on the disk may be no zeroes
};

// What is kept of a group beside its descriptor.
struct ext2_group_state {
	// Blocks freed in the running transaction and in that which is being
	// committed, by the parity of its number: not to be used again yet.
	uint8_t *freed[2];
};

struct ext2 {
	struct cache_disk disk;
	struct cache_object meta;
	struct journal journal;
	struct cache_page *super_page, **descriptors; // held
	struct ext2_super *super;
	struct ext2_group_state *states;
	uint32_t block_size, pointers; // of blocks: numbers in one
	uint32_t groups, inode_size, inodes_per_block, descriptor_blocks;
	uint32_t descriptor_size, descriptors_per_block;
	uint32_t device; // for struct stat
	uint32_t freed[2]; // blocks, as in the groups' states
	uint32_t floor; // no time stamp lies before
	bool read_only;
	bool spoilt; // while it could be written: the superblock will say so
	bool unsafe; // features that only a reader may ignore
	const char *name, *why;
	char *where; // it is mounted: a path, for /proc/mounts
	struct list list; // of all mounts
	struct list inodes[64]; // by number
	unsigned inode_count; // how many of them there are
	unsigned gone; // orphans among them that nobody refers to
	struct list idle; // without a reference, used last at the end
	unsigned idle_count;
	struct inode *root;
	// Files to be shortened or deleted, and the task that does.
	struct list orphans;
	struct ktask reaper;
	struct waker reaper_work, reaped;
	unsigned reaping; // orphans with work to do
	bool stopping;
	int phase; // of mounting and of its end
	struct sync_goal goal; // of its end
	int64_t failed; // mounting: why
	struct replay *replay;
};

static inline struct ext2_inode *ext2_of(struct inode *inode)
{
	return (struct ext2_inode *)inode;
}

// What is on the disk makes no sense: says so, once, and writes no more.
// -EIO.
int64_t ext2_corrupt(struct ext2 *fs, const char *what, uint64_t number);

// Seconds, never before the superblock was written last.
uint32_t ext2_now(const struct ext2 *fs);

static inline struct ext2_group *ext2_group(struct ext2 *fs, uint32_t group)
{
	uint32_t per = fs->descriptors_per_block;
	char *block = fs->descriptors[group / per]->data;

	return (struct ext2_group *)(block + group % per *
	                                             fs->descriptor_size);
}

static inline struct cache_page *ext2_group_page(struct ext2 *fs,
                                                 uint32_t group)
{
	return fs->descriptors[group / fs->descriptors_per_block];
}

// Blocks that the group has: the last one may be short.
static inline uint32_t ext2_group_blocks(const struct ext2 *fs, uint32_t group)
{
	uint32_t first = group * fs->super->blocks_per_group;
	uint32_t left = fs->super->blocks - fs->super->first_block - first;

	return left < fs->super->blocks_per_group
	               ? left
	               : fs->super->blocks_per_group;
}

// A block that files may consist of.
static inline bool ext2_block_valid(const struct ext2 *fs, uint32_t block)
{
	return block > fs->super->first_block && block < fs->super->blocks;
}

// The bytes of `field` of the pointer are going to be changed.
#define EXT2_CHANGE(fs, page, field) \
	journal_change(&(fs)->journal, page, &(field), sizeof(field))

// All of its record on the disk.
static inline int64_t ext2_change_inode(struct ext2_inode *e)
{
	return journal_change(&e->fs->journal, e->page, e->raw,
	                      e->fs->inode_size < sizeof *e->raw
	                              ? EXT2_SMALL_INODE
	                              : sizeof *e->raw);
}
