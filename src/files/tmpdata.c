// What is in the files of a tmpfs.
#include "files/file.h"
#include "files/tmpfs.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/clock.h"

#define LARGEST (PAGES_LIMIT * PAGE_SIZE) // bytes of one file

// ---- pages ----

static char *page_there(struct tmp_inode *tmp, uint64_t index)
{
	void **slot = pages_slot(&tmp->pages, index);

	return slot ? *slot : NULL;
}

// The frame of a page, made if there is none; its contents are undefined then,
// and *fresh says so.  NULL with an error, or PENDING if it may wait.
static char *page_made(struct tmp_inode *tmp, uint64_t index, bool may_wait,
                       bool *fresh, int64_t *err)
{
	char *frame = page_there(tmp, index);
	void **slot;

	*fresh = frame == NULL;
	*err = 0;
	if (frame)
		return frame;
	*err = tmp_room(PAGES_LEVELS + 1, may_wait);
	if (*err)
		return NULL;
	*err = -ENOMEM;
	slot = pages_make(&tmp->pages, index);
	frame = slot ? page_alloc(0) : NULL;
	if (frame == NULL)
		return NULL;
	pages_put(&tmp->pages, slot, frame);
	*err = 0;
	return frame;
}

// ---- reading ----

// As Linux does by default: a file that is only read is not changed by it all
// the time.
static void tmp_read_now(struct tmp_inode *tmp)
{
	if (tmp->atime > tmp->mtime && tmp->atime > tmp->ctime)
		return;
	tmp->atime = clock_realtime();
}

static int64_t part_out(struct tmp_inode *tmp, uint64_t at, size_t size,
                        struct transfer *to)
{
	char *frame = page_there(tmp, at / PAGE_SIZE);

	if (frame == NULL)
		return transfer_zero(to, size);
	return transfer_out(to, frame + at % PAGE_SIZE, size);
}

static size_t bytes_from(const struct inode *inode, uint64_t offset,
                         size_t size)
{
	if (offset >= inode->size)
		return 0;
	return size < inode->size - offset ? size : inode->size - offset;
}

static int64_t tmp_file_read(struct file *file, struct transfer *to,
                             uint64_t offset)
{
	struct tmp_inode *tmp = tmp_of(file->inode);
	size_t size = bytes_from(file->inode, offset, to->left), done = 0;

	while (done < size) {
		size_t part = page_part(offset + done, size - done);
		int64_t err = part_out(tmp, offset + done, part, to);

		if (err == PENDING || (err && done == 0))
			return err;
		if (err)
			break;
		done += part;
	}
	tmp_read_now(tmp);
	return done;
}

static int64_t tmp_read(struct inode *inode, uint64_t offset, void *to,
                        size_t size)
{
	size_t done = 0;

	size = bytes_from(inode, offset, size);
	while (done < size) {
		uint64_t at = offset + done;
		size_t part = page_part(at, size - done);
		char *frame = page_there(tmp_of(inode), at / PAGE_SIZE);

		if (frame)
			memcpy(to + done, frame + at % PAGE_SIZE, part);
		else
			memset(to + done, 0, part);
		done += part;
	}
	return done;
}

// For those who map it: holes are filled, so that all see the same page.
static int64_t tmp_page(struct inode *inode, uint64_t index, void **frame)
{
	bool fresh;
	int64_t err;

	if (index >= (inode->size + PAGE_MASK) / PAGE_SIZE)
		return -EIO;
	*frame = page_made(tmp_of(inode), index, true, &fresh, &err);
	if (err)
		return err;
	if (fresh)
		page_zero(*frame);
	page_get(*frame);
	return 0;
}

// ---- writing ----

static int64_t part_in(struct tmp_inode *tmp, uint64_t at, size_t size,
                       struct transfer *from, bool may_wait)
{
	bool fresh;
	int64_t err;
	char *frame = page_made(tmp, at / PAGE_SIZE, may_wait, &fresh, &err);

	if (err)
		return err;
	if (fresh && size < PAGE_SIZE)
		page_zero(frame);
	return transfer_in(from, frame + at % PAGE_SIZE, size);
}

// The user's pages are there before any of the file's is changed.  Only the
// first may be waited for: the rest comes in another pass.
static int64_t tmp_file_write(struct file *file, struct transfer *from,
                              uint64_t offset)
{
	struct tmp_inode *tmp = tmp_of(file->inode);
	size_t size = from->left, done = 0;
	int64_t err = transfer_prepare(from, size, USER_READ);

	if (offset >= LARGEST)
		return -EFBIG;
	if (size > LARGEST - offset)
		size = LARGEST - offset;
	while (done < size && !err) {
		size_t part = page_part(offset + done, size - done);

		err = part_in(tmp, offset + done, part, from, done == 0);
		if (!err)
			done += part;
	}
	if (done == 0)
		return err;
	if (offset + done > file->inode->size)
		file->inode->size = offset + done;
	tmp_touch(tmp, true);
	return done;
}

// ---- the size ----

// What lies behind the end is zero, should the file grow again.
static void tail_zero(struct tmp_inode *tmp, uint64_t size)
{
	char *frame = page_there(tmp, size / PAGE_SIZE);

	if (frame && size % PAGE_SIZE)
		memset(frame + size % PAGE_SIZE, 0,
		       PAGE_SIZE - size % PAGE_SIZE);
}

static int64_t tmp_resize(struct inode *inode, uint64_t size)
{
	struct tmp_inode *tmp = tmp_of(inode);

	if (size > LARGEST)
		return -EFBIG;
	if (size < inode->size) {
		pages_cut(&tmp->pages, (size + PAGE_MASK) / PAGE_SIZE);
		tail_zero(tmp, size);
	}
	inode->size = size;
	tmp_touch(tmp, true);
	return 0;
}

// ---- the ops ----

static const struct file_ops file_ops = {
	.read = tmp_file_read,
	.write = tmp_file_write,
};

static int64_t tmp_open(struct inode *inode, struct file *file)
{
	(void)inode;
	file->ops = &file_ops;
	return 0;
}

static void tmp_file_release(struct inode *inode)
{
	pages_cut(&tmp_of(inode)->pages, 0);
	tmp_release(inode);
}

static void tmp_file_stat(struct inode *inode, struct stat *stat)
{
	tmp_stat(inode, stat);
	stat->blocks = pages_count(&tmp_of(inode)->pages) * (PAGE_SIZE / 512);
}

const struct inode_ops tmp_file_ops = {
	.read = tmp_read,
	.page = tmp_page,
	.page_write = tmp_page,
	.open = tmp_open,
	.writable = true,
	.resize = tmp_resize,
	.change = tmp_change,
	.stat = tmp_file_stat,
	.statfs = tmp_statfs,
	.home = tmp_home,
	.release = tmp_file_release,
};
