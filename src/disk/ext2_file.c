#include "disk/ext2_file.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_map.h"
#include "disk/park.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/page.h"
#include "memory/pager.h"

#define LARGE 0x80000000ul // files from here on need a feature

// ---- reading ----

static size_t bytes_left(const struct inode *inode, uint64_t offset,
                         size_t size)
{
	if (offset >= inode->size)
		return 0;
	return size < inode->size - offset ? size : inode->size - offset;
}

int64_t ext2_read(struct inode *inode, uint64_t offset, void *to, size_t size)
{
	size_t left = bytes_left(inode, offset, size), done = 0;

	while (done < left) {
		uint64_t at = offset + done;
		size_t n = CACHE_PAGE - at % CACHE_PAGE;
		struct cache_page *page;
		int64_t err = ext2_read_page(ext2_of(inode), at, &page);

		if (err)
			return err;
		n = n < left - done ? n : left - done;
		memcpy((char *)to + done, (char *)page->data + at % CACHE_PAGE,
		       n);
		done += n;
	}
	return done;
}

int64_t ext2_readlink(struct inode *link, char *to)
{
	struct ext2_inode *e = ext2_of(link);
	int64_t n;

	if (!ext2_has_blocks(e)) {
		memcpy(to, e->raw->block, link->size);
		return 0;
	}
	n = ext2_read(link, 0, to, link->size);
	return n < 0 ? n : 0;
}

// ---- writing ----

// A part of a page that is to be written.
struct part {
	struct ext2_inode *e;
	uint64_t offset;
	size_t size;
	struct cache_page *page;
	uint32_t before[CACHE_PIECES]; // its blocks, if the change is undone
	bool fresh; // some are new
};

static uint64_t part_end(const struct part *p)
{
	return p->offset + p->size;
}

static bool part_whole(const struct part *p)
{
	return p->offset % CACHE_PAGE == 0 &&
	       (p->size == CACHE_PAGE || part_end(p) >= p->e->inode.size);
}

// The page, read if some of it stays.
static int64_t part_page(struct part *p)
{
	struct cache_object *object = &p->e->data;
	uint64_t index = p->offset / CACHE_PAGE;
	int64_t err;

	if (!part_whole(p))
		return cache_get(object, index, &p->page);
	err = cache_get_new(object, index, &p->page);
	if (!err && !p->page->valid) {
		memset((char *)p->page->data + p->size, 0,
		       CACHE_PAGE - p->size);
		memset(p->page->block, 0, sizeof p->page->block);
	}
	return err;
}

// Every block of the part exists.
static int64_t part_blocks(struct part *p)
{
	uint32_t size = p->e->fs->block_size;
	uint64_t first = p->offset / size, last = (part_end(p) - 1) / size;
	unsigned pieces = CACHE_PAGE / size;

	memcpy(p->before, p->page->block, sizeof p->before);
	for (uint64_t i = first; i <= last; i++) {
		uint32_t *block = &p->page->block[i % pieces];
		bool fresh = false;
		int64_t err = *block ? 0 : ext2_map_alloc(p->e, i, block,
		                                          &fresh);

		if (err)
			return err;
		p->fresh |= fresh;
	}
	return 0;
}

// What lies on the disk behind the old end becomes a part of the file: zeroes
// go there first.
static int64_t grow_tail(struct ext2_inode *e)
{
	uint32_t size = e->fs->block_size;
	unsigned piece = e->inode.size % CACHE_PAGE / size;
	struct cache_page *page;
	int64_t err;

	if (!e->tail || e->inode.size % size == 0)
		return 0;
	err = cache_get(&e->data, e->inode.size / CACHE_PAGE, &page);
	if (err || page->block[piece] == 0)
		return err;
	err = journal_order(&e->fs->journal, page);
	if (!err)
		cache_dirty(page);
	return err;
}

// The last page gets longer: what processes have stored behind the end goes,
// and the next store is noticed, since there may be no block for it yet.
static void stores_behind(struct ext2_inode *e)
{
	size_t keep = e->inode.size % CACHE_PAGE;
	struct cache_page *page =
		cache_find(&e->data, e->inode.size / CACHE_PAGE);

	if (page == NULL || !page->stored || keep == 0)
		return;
	pager_protect(&e->inode.pager, page->index);
	page->stored = false;
	memset((char *)page->data + keep, 0, CACHE_PAGE - keep);
}

int64_t ext2_grow(struct ext2_inode *e, uint64_t size, uint64_t written)
{
	struct ext2 *fs = e->fs;
	bool same = e->inode.size / CACHE_PAGE == written;
	int64_t err = same ? 0 : grow_tail(e);

	if (!err)
		stores_behind(e);
	if (!err && size >= LARGE && !(fs->super->read_only & EXT2_RO_LARGE)) {
		err = EXT2_CHANGE(fs, fs->super_page, fs->super->read_only);
		if (!err)
			fs->super->read_only |= EXT2_RO_LARGE;
	}
	if (!err)
		ext2_set_size(e, size);
	return err;
}

static int64_t part_change(struct part *p)
{
	struct ext2_inode *e = p->e;
	bool grows = part_end(p) > e->inode.size;
	int64_t err = ext2_change_inode(e);

	if (!err)
		err = part_page(p);
	if (err) {
		p->page = NULL;
		return err;
	}
	cache_hold(p->page);
	ext2_touch(e, true);
	err = part_blocks(p);
	if (!err && grows)
		err = ext2_grow(e, part_end(p), p->offset / CACHE_PAGE);
	if (!err && (p->fresh || grows))
		err = journal_order(&e->fs->journal, p->page);
	if (err)
		memcpy(p->page->block, p->before, sizeof p->before);
	return err;
}

// Only data change: the page is in memory and has its blocks, the file does not
// grow, and was touched in this second already.
static bool part_plain(struct part *p)
{
	struct ext2_inode *e = p->e;
	unsigned size = e->fs->block_size, at = p->offset % CACHE_PAGE;
	struct cache_page *page;

	if (part_end(p) > e->inode.size || e->fs->journal.error ||
	    !ext2_touched(e))
		return false;
	page = cache_find(&e->data, p->offset / CACHE_PAGE);
	if (page == NULL || !page->valid)
		return false;
	for (unsigned i = at / size; i <= (at + p->size - 1) / size; i++)
		if (page->block[i] == 0)
			return false;
	p->page = page;
	return true;
}

// In the pass that has made all ready.
static void part_fill(struct part *p, ext2_source source, void *arg)
{
	source(arg, (char *)p->page->data + p->offset % CACHE_PAGE, p->size);
	p->page->valid = true;
	p->page->failed = false;
	cache_dirty(p->page);
	if (part_end(p) >= p->e->inode.size)
		p->e->tail = false;
}

// No change while blocks behind the end are still being freed: they would be
// a part of the file again.
static int64_t may_change(struct ext2_inode *e, uint64_t end)
{
	if (end > e->inode.size &&
	    end > ext2_blocks_most(e->fs) * e->fs->block_size)
		return -EFBIG;
	if (e->cutting)
		return e->given_up ? -EIO : park(&e->fs->reaped);
	return 0;
}

int64_t ext2_write_some(struct ext2_inode *e, uint64_t offset, size_t size,
                        ext2_source source, void *arg)
{
	struct part p = { .e = e, .offset = offset, .size = size };
	size_t room = CACHE_PAGE - offset % CACHE_PAGE;
	int64_t err;

	p.size = size < room ? size : room;
	err = may_change(e, part_end(&p));
	if (!err)
		err = cache_throttle();
	if (!err && part_plain(&p)) {
		part_fill(&p, source, arg);
		return p.size;
	}
	if (!err)
		err = journal_begin(&e->fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	err = part_change(&p);
	if (!err)
		part_fill(&p, source, arg);
	if (p.page)
		cache_release(p.page);
	err = ext2_end(e->fs, err, e, NULL);
	return err ? err : (int64_t)p.size;
}

static void from_memory(void *arg, void *to, size_t size)
{
	const char **from = arg;

	memcpy(to, *from, size);
	*from += size;
}

int64_t ext2_write(struct inode *inode, uint64_t offset, const void *from,
                   size_t size)
{
	const char *at = from;
	size_t done = 0;

	while (done < size) {
		bool before = park_never;
		int64_t n;

		park_never |= done != 0;
		n = ext2_write_some(ext2_of(inode), offset + done, size - done,
		                    from_memory, &at);
		park_never = before;
		if (n < 0)
			return done ? (int64_t)done : n;
		done += n;
	}
	return done;
}

int64_t ext2_write_link(struct ext2_inode *e, const char *target, size_t size)
{
	struct part p = { .e = e, .size = size };
	int64_t err = part_page(&p);

	if (err)
		return err;
	cache_hold(p.page);
	err = part_blocks(&p);
	if (!err)
		err = journal_order(&e->fs->journal, p.page);
	if (!err)
		part_fill(&p, from_memory, &target);
	cache_release(p.page);
	return err;
}

// ---- address spaces ----

int64_t ext2_page(struct inode *inode, uint64_t index, void **frame)
{
	struct cache_page *page;
	int64_t err;

	if (index >= (inode->size + CACHE_PAGE - 1) / CACHE_PAGE)
		return -EIO;
	err = ext2_read_page(ext2_of(inode), index * CACHE_PAGE, &page);
	if (err)
		return err;
	page_get(page->data);
	*frame = page->data;
	return 0;
}

static void from_nothing(void *arg, void *to, size_t size)
{
	(void)arg, (void)to, (void)size;
}

// As if it had been written as it is, up to the end of the file.
int64_t ext2_page_write(struct inode *inode, uint64_t index, void **frame)
{
	struct cache_page *page;
	size_t size = bytes_left(inode, index * CACHE_PAGE, CACHE_PAGE);
	int64_t err = ext2_page(inode, index, frame);

	if (err)
		return err;
	page = cache_find(&ext2_of(inode)->data, index);
	cache_hold(page);
	err = ext2_write_some(ext2_of(inode), index * CACHE_PAGE, size,
	                      from_nothing, NULL);
	cache_release(page);
	if (err < 0)
		page_put(*frame);
	if (err >= 0) {
		page->stored = true;
		// Behind the end too, where it may reach the disk.
		ext2_of(inode)->tail |= size < CACHE_PAGE;
	}
	return err < 0 ? err : 0;
}

void ext2_ahead(struct inode *inode, uint64_t index, uint64_t count)
{
	uint64_t end = (inode->size + CACHE_PAGE - 1) / CACHE_PAGE;

	if (index >= end)
		return;
	if (end - index > count)
		end = index + count;
	ext2_of(inode)->data.next = ext2_of(inode)->data.ahead = index;
	cache_ahead(&ext2_of(inode)->data, index, end);
}
