// Open files of ext2: data between the pages of the cache and processes; and
// what an inode can do.
#include "disk/ext2_directory.h"
#include "disk/ext2_file.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_name.h"
#include "disk/ext2_super.h"
#include "disk/park.h"
#include "files/fifo.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "machine/clock.h"

// All of it lies in one page.
static inline int64_t read_some(struct ext2_inode *e, struct transfer *to,
                                uint64_t offset, size_t n)
{
	struct cache_page *page;
	int64_t err = ext2_read_page(e, offset, &page);

	if (!err)
		err = transfer_out(to, (char *)page->data + offset % CACHE_PAGE,
		                   n);
	return err ? err : (int64_t)n;
}

// What was moved counts, whatever comes after it; so only the first page may
// be waited for, and all of the process's memory is made ready before.
static __attribute__((noinline)) int64_t read_pages(struct ext2_inode *e,
                                                    struct transfer *to,
                                                    uint64_t offset,
                                                    size_t left)
{
	int64_t n = transfer_prepare(to, left, USER_WRITE);
	size_t done = 0;

	while (n >= 0 && done < left) {
		bool before = park_never;

		park_never |= done != 0;
		n = read_some(e, to, offset + done,
		              page_part(offset + done, left - done));
		park_never = before;
		if (n > 0)
			done += n;
	}
	if (n == PENDING && done)
		to->left = 0; // the rest comes in another pass
	return done ? (int64_t)done : n;
}

static int64_t file_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	struct inode *inode = file->inode;
	size_t left = to->left;

	if (offset >= inode->size)
		return 0;
	left = left < inode->size - offset ? left : inode->size - offset;
	if (left > CACHE_PAGE - offset % CACHE_PAGE)
		return read_pages(ext2_of(inode), to, offset, left);
	return read_some(ext2_of(inode), to, offset, left);
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
	return inode_is(inode, S_IFIFO) ? fifo_open(inode, file) : 0;
}

// ---- what the calls on names ask ----

static int64_t create(const struct path_end *at, uint32_t mode,
                      struct inode **out)
{
	struct ext2_new new = { .mode = mode };

	return ext2_create(at->directory, at->name, at->size, &new, out);
}

static int64_t symlink(const struct path_end *at, const char *target,
                       size_t size)
{
	struct ext2_new new = { .mode = S_IFLNK | 0777,
		                .target = target,
		                .target_size = size };

	return ext2_create(at->directory, at->name, at->size, &new, NULL);
}

static int64_t link(const struct path_end *at, struct inode *inode)
{
	return ext2_link(inode, at->directory, at->name, at->size);
}

static int64_t unlink(const struct path_end *at, struct inode *inode)
{
	if (inode_is(inode, S_IFDIR))
		return ext2_rmdir(at->directory, at->name, at->size);
	return ext2_unlink(at->directory, at->name, at->size);
}

// The victim is what the name leads to; it is looked up again.
static int64_t rename(const struct path_end *from, struct inode *inode,
                      const struct path_end *to, struct inode *victim)
{
	(void)inode, (void)victim;
	return ext2_rename(from->directory, from->name, from->size,
	                   to->directory, to->name, to->size, 0);
}

static int64_t exchange(const struct path_end *from, struct inode *inode,
                        const struct path_end *to, struct inode *other)
{
	(void)inode, (void)other;
	return ext2_rename(from->directory, from->name, from->size,
	                   to->directory, to->name, to->size, EXT2_EXCHANGE);
}

static int64_t change(struct inode *inode, const struct attributes *to)
{
	struct ext2_attributes set = {
		.set_mode = to->which & CHANGE_MODE,
		.set_uid = to->which & CHANGE_UID,
		.set_gid = to->which & CHANGE_GID,
		.set_atime = to->which & CHANGE_ATIME,
		.set_mtime = to->which & CHANGE_MTIME,
		.mode = to->mode,
		.uid = to->uid,
		.gid = to->gid,
		.atime = { to->atime / NANOSECONDS, to->atime % NANOSECONDS },
		.mtime = { to->mtime / NANOSECONDS, to->mtime % NANOSECONDS },
	};

	return ext2_set(inode, &set);
}

static void statfs(const struct inode *inode, struct volume *volume)
{
	struct ext2_space space;

	ext2_statfs(((const struct ext2_inode *)inode)->fs, &space);
	*volume = (struct volume){
		.type = EXT2_MAGIC,
		.blocks = space.blocks * space.block_size / INODE_BLOCK,
		.free = space.free * space.block_size / INODE_BLOCK,
		.files = space.inodes,
		.files_free = space.free_inodes,
	};
}

const struct inode_ops ext2_ops = {
	.lookup = ext2_lookup,
	.list = ext2_list,
	.readlink = ext2_readlink,
	.read = ext2_read,
	.page = ext2_page,
	.page_write = ext2_page_write,
	.ahead = ext2_ahead,
	.open = open,
	.create = create,
	.symlink = symlink,
	.link = link,
	.unlink = unlink,
	.rename = rename,
	.exchange = exchange,
	.resize = ext2_truncate,
	.change = change,
	.statfs = statfs,
	.sync = ext2_fsync,
	.writable = true,
	.stat = ext2_stat,
	.above = ext2_above,
	.release = ext2_release,
};
