// Open files of ext2: data between the pages of the cache and processes; and
// what an inode can do.
#include "disk/ext2_directory.h"
#include "disk/ext2_file.h"
#include "disk/ext2_inode.h"
#include "disk/park.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"

// One page, or what is left of it.
static int64_t read_some(struct ext2_inode *e, struct transfer *to,
                         uint64_t offset, size_t left)
{
	size_t n = CACHE_PAGE - offset % CACHE_PAGE;
	struct cache_page *page;
	int64_t err = ext2_read_page(e, offset, &page);

	n = n < left ? n : left;
	if (!err)
		err = transfer_out(to, (char *)page->data + offset % CACHE_PAGE,
		                   n);
	return err ? err : (int64_t)n;
}

// What was moved counts, whatever comes after it; so only the first page may
// be waited for, and all of the process's memory is made ready before.
static int64_t file_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	struct inode *inode = file->inode;
	size_t left = to->left, done = 0;
	int64_t n;

	if (offset >= inode->size)
		return 0;
	left = left < inode->size - offset ? left : inode->size - offset;
	n = left > CACHE_PAGE ? transfer_prepare(to, left, USER_WRITE) : 0;
	while (n >= 0 && done < left) {
		bool before = park_never;

		park_never = done != 0;
		n = read_some(ext2_of(inode), to, offset + done, left - done);
		park_never = before;
		if (n > 0)
			done += n;
	}
	return done ? (int64_t)done : n;
}

static void from_process(void *arg, void *to, size_t size)
{
	transfer_in(arg, to, size);
}

static int64_t file_write(struct file *file, struct transfer *from,
                          uint64_t offset)
{
	struct ext2_inode *e = ext2_of(file->inode);
	size_t left = from->left, done = 0;
	int64_t n;

	if (file->flags & O_APPEND)
		file->offset = offset = e->inode.size;
	n = transfer_prepare(from, left, USER_READ);
	while (n >= 0 && done < left) {
		bool before = park_never;

		park_never = done != 0;
		n = ext2_write_some(e, offset + done, left - done,
		                    from_process, from);
		park_never = before;
		if (n > 0)
			done += n;
	}
	return done ? (int64_t)done : n;
}

static const struct file_ops file_ops = {
	.read = file_read,
	.write = file_write,
};

static int64_t open(struct inode *inode, struct file *file)
{
	if (inode_is(inode, S_IFREG))
		file->ops = &file_ops;
	return 0;
}

const struct inode_ops ext2_ops = {
	.lookup = ext2_lookup,
	.list = ext2_list,
	.readlink = ext2_readlink,
	.read = ext2_read,
	.page = ext2_page,
	.open = open,
	.writable = true,
	.stat = ext2_stat,
	.release = ext2_release,
};
