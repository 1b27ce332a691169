#include "files/inode.h"
#include "lib/errno.h"
#include "lib/string.h"

static struct inode *pager_inode(struct pager *pager)
{
	return container_of(pager, struct inode, pager);
}

// An inode is a pager by way of these: an address space that maps a file
// keeps the inode, not the open file, which may be closed.
static int64_t inode_pager_page(struct pager *pager, uint64_t index,
                                void **frame)
{
	return inode_page(pager_inode(pager), index, frame);
}

static void inode_pager_get(struct pager *pager)
{
	inode_get(pager_inode(pager));
}

static void inode_pager_put(struct pager *pager)
{
	inode_put(pager_inode(pager));
}

static int64_t inode_pager_store(struct pager *pager, uint64_t index,
                                 void **frame)
{
	struct inode *inode = pager_inode(pager);

	if (inode->ops->page_write == NULL)
		return -EROFS;
	return inode->ops->page_write(inode, index, frame);
}

static int64_t inode_pager_sync(struct pager *pager, struct sync_goal *goal)
{
	struct inode *inode = pager_inode(pager);

	return inode->ops->sync ? inode->ops->sync(inode, false, goal) : 0;
}

static void inode_pager_ahead(struct pager *pager, uint64_t index,
                              uint64_t count)
{
	struct inode *inode = pager_inode(pager);

	if (inode->ops->ahead)
		inode->ops->ahead(inode, index, count);
}

static const struct pager_ops inode_pager = {
	.page = inode_pager_page,
	.get = inode_pager_get,
	.put = inode_pager_put,
	.store = inode_pager_store,
	.sync = inode_pager_sync,
	.ahead = inode_pager_ahead,
};

struct inode *inode_of_pager(struct pager *pager)
{
	return pager->ops == &inode_pager ? pager_inode(pager) : NULL;
}

void inode_init(struct inode *inode, const struct inode_ops *ops, uint32_t mode)
{
	inode->ops = ops;
	inode->pager.ops = &inode_pager;
	inode->pager.changes = ops->writable;
	list_init(&inode->pager.areas);
	inode->refs = 1;
	inode->mode = mode;
	inode->links = (mode & S_IFMT) == S_IFDIR ? 2 : 1;
}

void inode_put(struct inode *inode)
{
	if (--inode->refs == 0 && inode->ops->release)
		inode->ops->release(inode);
}

int64_t inode_read(struct inode *inode, uint64_t offset, void *to, size_t size)
{
	if (inode_is(inode, S_IFDIR))
		return -EISDIR;
	if (inode->ops->read == NULL)
		return -EINVAL;
	return inode->ops->read(inode, offset, to, size);
}

int64_t inode_page(struct inode *inode, uint64_t index, void **frame)
{
	if (inode->ops->page == NULL)
		return -ENODEV;
	return inode->ops->page(inode, index, frame);
}

void inode_stat(struct inode *inode, struct stat *stat)
{
	memset(stat, 0, sizeof *stat);
	stat->dev = inode->device;
	stat->ino = inode->ino;
	stat->mode = inode->mode;
	stat->links = inode->links;
	stat->uid = inode->uid;
	stat->gid = inode->gid;
	stat->rdev = inode->rdev;
	stat->size = inode->size;
	stat->block_size = INODE_BLOCK;
	stat->blocks = (inode->size + 511) / 512;
	// A file system that keeps more than one time tells of them itself.
	stat->atime.seconds = inode->mtime;
	stat->mtime.seconds = inode->mtime;
	stat->ctime.seconds = inode->mtime;
	if (inode->ops->stat)
		inode->ops->stat(inode, stat);
}

// Major 0 is Linux's for file systems without a device.
uint32_t inode_new_device(void)
{
	static uint32_t last;

	return ++last;
}
