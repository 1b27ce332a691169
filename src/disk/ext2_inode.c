#include "disk/ext2_inode.h"
#include "disk/ext2_directory.h"
#include "disk/ext2_extent.h"
#include "disk/ext2_index.h"
#include "disk/ext2_map.h"
#include "disk/ext2_orphan.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"

#define IDLE_MOST 256

static struct list *chain(struct ext2 *fs, uint32_t ino)
{
	return &fs->inodes[ino % (sizeof fs->inodes / sizeof fs->inodes[0])];
}

static struct ext2_inode *find(struct ext2 *fs, uint32_t ino)
{
	LIST_EACH(node, chain(fs, ino)) {
		struct ext2_inode *e =
			container_of(node, struct ext2_inode, hash);

		if (e->inode.ino == ino)
			return e;
	}
	return NULL;
}

bool ext2_has_blocks(const struct ext2_inode *e)
{
	uint32_t acl = e->raw->file_acl ? e->fs->block_size / 512 : 0;

	if (inode_is(&e->inode, S_IFLNK))
		return e->raw->sectors > acl;
	return inode_is(&e->inode, S_IFREG) || inode_is(&e->inode, S_IFDIR);
}

// ---- reading ----

static uint64_t raw_size(const struct ext2_raw *raw)
{
	bool regular = (raw->mode & S_IFMT) == S_IFREG;

	return raw->size | (regular ? (uint64_t)raw->size_high << 32 : 0);
}

// Linux writes the number of a device in one of two ways.
static uint32_t raw_device(const struct ext2_raw *raw)
{
	uint32_t old = raw->block[0], new = raw->block[1];

	return old ? old : (new & 0xfff00) | (new & 0xff);
}

void ext2_refresh(struct ext2_inode *e)
{
	const struct ext2_raw *raw = e->raw;
	struct inode *i = &e->inode;

	i->mode = raw->mode;
	i->size = e->data.size = raw_size(raw);
	i->links = raw->links;
	i->uid = raw->uid | (uint32_t)raw->uid_high << 16;
	i->gid = raw->gid | (uint32_t)raw->gid_high << 16;
	i->mtime = (int32_t)raw->mtime;
	if (inode_is(i, S_IFCHR) || inode_is(i, S_IFBLK))
		i->rdev = raw_device(raw);
}

static bool type_valid(uint32_t mode)
{
	uint32_t type = mode & S_IFMT;

	return type == S_IFREG || type == S_IFDIR || type == S_IFLNK ||
	       type == S_IFCHR || type == S_IFBLK || type == S_IFIFO ||
	       type == S_IFSOCK;
}

static bool size_valid(const struct ext2_inode *e)
{
	uint64_t size = raw_size(e->raw), block = e->fs->block_size;

	switch (e->raw->mode & S_IFMT) {
	case S_IFDIR:
		return size % block == 0 && size > 0 &&
		       size / block <= e->fs->super->blocks;
	case S_IFLNK:
		return ext2_has_blocks(e) ? size < block
		                          : size < sizeof e->raw->block;
	}
	if (ext2_has_extents(e)) // blocks are counted in 32 bits
		return size <= block << 32;
	return size <= ext2_blocks_most(e->fs) * block;
}

// NULL: it makes sense.
static const char *nonsense(const struct ext2_inode *e, bool orphan)
{
	const struct ext2_raw *raw = e->raw;

	if (!type_valid(raw->mode))
		return "type of inode";
	if (raw->links == 0 && !orphan)
		return "name of a deleted inode";
	if (ext2_has_extents(e) &&
	    !(e->fs->super->incompatible & EXT2_INCOMPAT_EXTENTS))
		return "extents of inode";
	if (!size_valid(e))
		return "size of inode";
	if (e->fs->inode_size > EXT2_SMALL_INODE &&
	    (raw->extra_size > e->fs->inode_size - EXT2_SMALL_INODE ||
	     raw->extra_size % 4))
		return "extra size of inode";
	return NULL;
}

static int64_t map_page(struct cache_object *object, uint64_t index,
                        uint32_t block[CACHE_PIECES])
{
	struct ext2_inode *e = container_of(object, struct ext2_inode, data);
	unsigned pieces = CACHE_PAGE / e->fs->block_size;

	for (unsigned i = 0; i < pieces; i++) {
		int64_t err = ext2_map(e, index * pieces + i, &block[i]);

		if (err == -EFBIG)
			block[i] = 0;
		else if (err)
			return err;
	}
	return 0;
}

// Where its record lies.
static int64_t raw_get(struct ext2 *fs, uint32_t ino, struct cache_page **page,
                       struct ext2_raw **raw)
{
	uint32_t per = fs->super->inodes_per_group;
	uint32_t at = (ino - 1) % per;
	uint32_t block = ext2_group(fs, (ino - 1) / per)->inode_table +
	                 at / fs->inodes_per_block;
	int64_t err = cache_get(&fs->meta, block, page);

	if (!err)
		*raw = (struct ext2_raw *)((char *)(*page)->data +
		                           at % fs->inodes_per_block *
		                                   fs->inode_size);
	return err;
}

static struct ext2_inode *inode_make(struct ext2 *fs, uint32_t ino,
                                     struct cache_page *page,
                                     struct ext2_raw *raw)
{
	struct ext2_inode *e = kzalloc(sizeof *e);

	if (e == NULL)
		return NULL;
	inode_init(&e->inode, &ext2_ops, raw->mode);
	cache_object_init(&e->data, &fs->disk, CACHE_PAGE, fs->block_size);
	e->data.map = map_page;
	e->data.pager = &e->inode.pager;
	e->fs = fs;
	e->page = page;
	e->raw = raw;
	e->inode.ino = ino;
	e->inode.device = fs->device;
	// It may have been changed, forgotten, and not be committed yet.
	e->tid = fs->journal.tid - 1;
	e->tail = true;
	list_init(&e->idle);
	list_init(&e->orphan);
	list_add_head(chain(fs, ino), &e->hash);
	fs->inode_count++;
	cache_hold(page);
	return e;
}

static int64_t inode_load(struct ext2 *fs, uint32_t ino, bool orphan,
                          struct ext2_inode **out)
{
	struct cache_page *page;
	struct ext2_raw *raw;
	const char *what;
	int64_t err = raw_get(fs, ino, &page, &raw);

	if (err)
		return err;
	*out = inode_make(fs, ino, page, raw);
	if (*out == NULL)
		return -ENOMEM;
	what = nonsense(*out, orphan);
	if (what) {
		ext2_inode_unmake(*out);
		return ext2_corrupt(fs, what, ino);
	}
	ext2_refresh(*out);
	return 0;
}

int64_t ext2_inode_get(struct ext2 *fs, uint32_t ino, bool orphan,
                       struct ext2_inode **out)
{
	struct ext2_inode *e;

	if (ino == 0 || ino > fs->super->inodes)
		return ext2_corrupt(fs, "inode number", ino);
	e = find(fs, ino);
	if (e == NULL)
		return inode_load(fs, ino, orphan, out);
	if (e->inode.links == 0 && !orphan)
		return ext2_corrupt(fs, "name of a deleted inode", ino);
	if (e->inode.refs++ == 0) {
		fs->gone -= list_empty(&e->idle);
		fs->idle_count -= !list_empty(&e->idle);
		list_remove(&e->idle);
	}
	*out = e;
	return 0;
}

// ---- the end ----

bool ext2_inode_busy(const struct ext2_inode *e)
{
	return e->inode.refs || e->data.writing || !list_empty(&e->orphan) ||
	       !list_empty(&e->data.dirty);
}

void ext2_inode_free(struct ext2_inode *e)
{
	ext2_directory_forget(e);
	ext2_index_drop(e);
	LIST_EACH(node, &e->data.pages)
		cache_drop(container_of(node, struct cache_page, in_object));
	if (list_empty(&e->idle))
		e->fs->gone--;
	else
		e->fs->idle_count--;
	e->fs->inode_count--;
	list_remove(&e->idle);
	list_remove(&e->hash);
	list_remove(&e->orphan);
	cache_release(e->page);
	kfree(e);
}

void ext2_inode_unmake(struct ext2_inode *e)
{
	e->inode.refs = 0;
	e->fs->gone++;
	ext2_inode_free(e);
}

static bool any_reading(const struct ext2_inode *e)
{
	LIST_EACH(node, &e->data.pages)
		if (container_of(node, struct cache_page, in_object)->reading)
			return true;
	return false;
}

// One comes, so one goes: an old one of which little is in memory.
static void idle_trim(struct ext2 *fs)
{
	int looks = 8;

	LIST_EACH(node, &fs->idle) {
		struct ext2_inode *e =
			container_of(node, struct ext2_inode, idle);

		if (fs->idle_count <= IDLE_MOST || looks-- == 0)
			return;
		if (!ext2_inode_busy(e) && e->data.count <= 64 &&
		    !any_reading(e))
			ext2_inode_free(e);
	}
}

static inline void rest(struct ext2 *fs, struct ext2_inode *e)
{
	list_add_tail(&fs->idle, &e->idle);
	fs->idle_count++;
	if (fs->idle_count > IDLE_MOST)
		idle_trim(fs);
}

void ext2_inode_rest(struct ext2_inode *e)
{
	e->fs->gone--;
	rest(e->fs, e);
}

void ext2_release(struct inode *inode)
{
	struct ext2_inode *e = ext2_of(inode);

	if (list_empty(&e->orphan)) {
		rest(e->fs, e);
		return;
	}
	e->fs->gone++;
	ext2_orphan_wake(e);
}

// ---- changes ----

// A change that is undone has left no inode of that number.
int64_t ext2_inode_new(struct ext2 *fs, uint32_t ino, uint32_t mode,
                       struct ext2_inode **out)
{
	struct cache_page *page;
	struct ext2_raw *raw;
	int64_t err = raw_get(fs, ino, &page, &raw);

	if (!err && find(fs, ino))
		err = ext2_corrupt(fs, "free inode in use:", ino);
	if (!err)
		err = journal_change(&fs->journal, page, raw, fs->inode_size);
	if (err)
		return err;
	memset(raw, 0, fs->inode_size);
	raw->mode = mode;
	if (fs->inode_size >= sizeof *raw)
		raw->extra_size = EXT2_EXTRA_SIZE;
	raw->generation = fs->floor * 2654435761u + ino;
	*out = inode_make(fs, ino, page, raw);
	return *out ? 0 : -ENOMEM;
}

static bool has_extra(const struct ext2_inode *e)
{
	return e->fs->inode_size >= sizeof *e->raw &&
	       e->raw->extra_size >= EXT2_EXTRA_SIZE;
}

void ext2_touch(struct ext2_inode *e, bool contents)
{
	bool extra = has_extra(e);

	e->raw->ctime = ext2_now(e->fs);
	if (extra)
		e->raw->ctime_extra = 0;
	if (!contents)
		return;
	e->raw->mtime = e->raw->ctime;
	if (extra)
		e->raw->mtime_extra = 0;
}

bool ext2_touched(const struct ext2_inode *e)
{
	const struct ext2_raw *raw = e->raw;

	if (raw->ctime != raw->mtime || raw->ctime != ext2_now(e->fs))
		return false;
	return !has_extra(e) || (!raw->ctime_extra && !raw->mtime_extra);
}

void ext2_set_size(struct ext2_inode *e, uint64_t size)
{
	e->raw->size = size;
	if ((e->raw->mode & S_IFMT) == S_IFREG)
		e->raw->size_high = size >> 32;
}

void ext2_after(struct ext2_inode *e, int64_t err)
{
	if (e == NULL)
		return;
	ext2_refresh(e);
	ext2_index_settle(e, err);
	if (!err)
		e->tid = journal_now(&e->fs->journal);
}

int64_t ext2_end(struct ext2 *fs, int64_t err, struct ext2_inode *a,
                 struct ext2_inode *b)
{
	if (err)
		journal_undo(&fs->journal);
	else
		journal_keep(&fs->journal);
	ext2_after(a, err);
	ext2_after(b, err);
	return err;
}

void ext2_stat(struct inode *inode, struct stat *stat)
{
	const struct ext2_inode *e = ext2_of(inode);

	stat->block_size = e->fs->block_size;
	stat->blocks = e->raw->sectors;
	stat->atime.seconds = (int32_t)e->raw->atime;
	stat->ctime.seconds = (int32_t)e->raw->ctime;
}
