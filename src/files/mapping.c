#include "files/mapping.h"
#include "files/file.h"
#include "lib/errno.h"
#include "memory/page.h"
#include "memory/map.h"
#include "memory/pager.h"
#include "process/user.h"
#include "process/wait.h"

// A file that can change is asked for each page when it is touched: it may have
// become longer.  One that nobody can change may be shared like a private copy
// of it: pages are the same until they are written, which a shared one must
// never be.
static int64_t mapping_find(struct call *call, uint64_t fd, struct area *area)
{
	struct file *file = file_of(call->process, fd);
	struct inode *inode;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	inode = file->inode;
	if (!file_readable(file))
		return -EACCES;
	if (!inode_is(inode, S_IFREG) || inode->ops->page == NULL)
		return -ENODEV;
	if (area->shared && (area->access & USER_WRITE) && !file_writable(file))
		return -EACCES;
	area->pager = &inode->pager;
	area->valid = area->end - area->start;
	if (inode->ops->writable)
		return 0;
	area->shared = false;
	area->valid =
		area->offset < inode->size ? inode->size - area->offset : 0;
	return 0;
}

// The new size is in force before anything is unmapped, so that nothing of it
// comes back.  Asked again, the file has its new size already.
int64_t mapping_resize(struct call *call, struct inode *inode, uint64_t size)
{
	int64_t err = inode->ops->resize(inode, size);

	if (!err && pager_unmap(&inode->pager,
	                        (size + PAGE_MASK) / PAGE_SIZE))
		err = future_insist(future_of(call));
	return err;
}

void mapping_init(void)
{
	map_file = mapping_find;
}
