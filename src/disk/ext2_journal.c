#include "disk/ext2_journal.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "disk/journal_log.h"
#include "disk/park.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "memory/heap.h"

#define SHORTEST 1024 // blocks: what jbd2 demands as well
#define LONGEST (1u << 20)
#define PASS 64 // blocks of it that are looked up in one pass

static int64_t refuse(struct ext2 *fs, const char *why)
{
	kprintf("%s: refused: journal: %s\n", fs->name, why);
	return -EINVAL;
}

// The map is filled from the front; how far is in `at`.
static int64_t map_log(struct ext2 *fs, struct ext2_inode *e)
{
	struct journal *j = &fs->journal;
	unsigned budget = PASS;

	for (; j->at < j->length; j->at++) {
		int64_t err = budget-- ? ext2_map(e, j->at, &j->map[j->at])
		                       : park_again();

		if (err)
			return err;
		if (j->map[j->at] == 0)
			return ext2_corrupt(fs, "hole in the journal at",
			                    j->at);
	}
	return 0;
}

static int64_t find_in(struct ext2 *fs, struct ext2_inode *e)
{
	struct journal *j = &fs->journal;
	uint64_t length = e->inode.size / fs->block_size;

	if (!inode_is(&e->inode, S_IFREG))
		return refuse(fs, "its inode is no file");
	if (length < SHORTEST || length > LONGEST)
		return refuse(fs, "its length makes no sense");
	if (j->map == NULL) {
		j->length = length;
		j->block_size = fs->block_size;
		j->disk_blocks = fs->super->blocks;
		j->at = 0;
		j->map = kmalloc(length * sizeof j->map[0]);
		j->super = journal_buffer(j);
		j->own = journal_buffer(j);
		j->escape = journal_buffer(j);
	}
	if (!j->map || !j->super || !j->own || !j->escape)
		return -ENOMEM;
	return map_log(fs, e);
}

int64_t ext2_journal_find(struct ext2 *fs)
{
	const struct ext2_super *s = fs->super;
	struct ext2_inode *e;
	int64_t err;

	if (!(s->compatible & EXT2_COMPAT_JOURNAL)) {
		if (s->incompatible & EXT2_INCOMPAT_RECOVER)
			return refuse(fs, "to be replayed, but there is none");
		return 0;
	}
	if (s->journal_inode == 0)
		return refuse(fs, "on another device");
	err = ext2_inode_get(fs, s->journal_inode, false, &e);
	if (err)
		return err;
	err = find_in(fs, e);
	inode_put(&e->inode);
	return err;
}

// What we cannot replay, by name; NULL: nothing.
static const char *feature_refused(const struct journal_super *s)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} features[] = {
		{ JOURNAL_FAST_COMMIT, "feature fast_commit" },
		{ JOURNAL_CSUM_V3, "feature checksum_v3" },
		{ JOURNAL_CSUM_V2, "feature checksum_v2" },
		{ JOURNAL_ASYNC_COMMIT, "feature async_commit" },
		{ JOURNAL_64BIT, "feature 64bit" },
	};
	uint32_t bits = be32(s->incompatible);

	for (unsigned i = 0; i < sizeof features / sizeof features[0]; i++)
		if (bits & features[i].bit)
			return features[i].name;
	return bits & ~JOURNAL_HAS_REVOKE ? "unknown feature" : NULL;
}

// NULL: it makes sense.
static const char *nonsense(struct ext2 *fs, const struct journal_super *s)
{
	uint32_t kind = be32(s->header.kind), length = be32(s->length);

	if (s->header.magic != be32(JOURNAL_MAGIC) ||
	    (kind != JOURNAL_SUPER_V1 && kind != JOURNAL_SUPER_V2))
		return "no super block";
	if (be32(s->block_size) != fs->block_size)
		return "block size";
	if (length < SHORTEST || length > fs->journal.length)
		return "length";
	if (be32(s->first) == 0 || be32(s->first) >= length - SHORTEST / 2)
		return "first block";
	if (be32(s->start) && (be32(s->start) < be32(s->first) ||
	                       be32(s->start) >= length))
		return "start";
	if (kind == JOURNAL_SUPER_V2 && feature_refused(s))
		return feature_refused(s);
	if (kind == JOURNAL_SUPER_V2 && s->read_only)
		return "unknown feature";
	return NULL;
}

int64_t ext2_journal_super(struct ext2 *fs)
{
	struct journal *j = &fs->journal;
	struct journal_super *super;
	struct cache_page *page;
	const char *what;
	int64_t err;

	if (j->map == NULL)
		return 0;
	err = cache_get(&fs->meta, j->map[0], &page);
	if (err)
		return err;
	what = nonsense(fs, page->data);
	// Who only reads does not need it, if there is nothing in it.
	if (what && fs->unsafe &&
	    !(fs->super->incompatible & EXT2_INCOMPAT_RECOVER))
		return 0;
	if (what)
		return refuse(fs, what);
	memcpy(j->super, page->data, fs->block_size);
	super = j->super;
	j->length = be32(super->length);
	j->first = be32(super->first);
	// Revokes need the second version of the super block.
	super->header.kind = be32(JOURNAL_SUPER_V2);
	super->incompatible |= be32(JOURNAL_HAS_REVOKE);
	j->present = true;
	return 0;
}

int64_t ext2_journal_replay(struct ext2 *fs)
{
	struct journal *j = &fs->journal;
	struct journal_super *super = j->super;
	int64_t err;

	if (!j->present)
		return 0;
	// The replay may have changed the superblock already.
	if (!fs->replay &&
	    !(fs->super->incompatible & EXT2_INCOMPAT_RECOVER)) {
		// What is in it was dealt with; its numbers are passed over.
		j->tid = be32(super->sequence);
		if (super->start)
			j->tid += j->length;
		return 0;
	}
	if (fs->disk.device->read_only && super->start)
		return refuse(fs, "to be replayed, but the disk is read-only");
	err = journal_replay(j, &fs->replay);
	if (err && err != PENDING)
		kprintf("%s: the journal cannot be replayed\n", fs->name);
	return err;
}
