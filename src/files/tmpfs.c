#include "files/tmpfs.h"
#include "files/fifo.h"
#include "files/mount.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/shortage.h"

#define TMPFS_MAGIC 0x01021994
#define PERMISSIONS 07777

static struct tmp_inode *root;
static uint32_t device;
static uint64_t last_ino;
static size_t limit; // of frames, and of inodes
static size_t inodes;

// ---- how much there may be ----

// Of what was cut off a piece is freed at a time: if that is all that is
// missing, it is hurried up.  What can be read again makes room, too, but it
// takes waiting if processes map it.
int64_t tmp_room(size_t wanted, bool may_wait)
{
	while (pages_frames + wanted > limit || memory_short())
		if (!pages_reap())
			break;
	if (pages_frames + wanted > limit)
		return -ENOSPC;
	if (!memory_short())
		return 0;
	return may_wait && memory_wait() == PENDING ? PENDING : -ENOSPC;
}

void tmp_statfs(const struct inode *inode, struct volume *volume)
{
	(void)inode;
	volume->type = TMPFS_MAGIC;
	volume->blocks = volume->files = limit;
	volume->free = pages_frames < limit ? limit - pages_frames : 0;
	volume->files_free = limit - inodes;
}

// ---- inodes ----

static const struct inode_ops *ops_of(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return &tmp_directory_ops;
	case S_IFLNK:
		return &tmp_link_ops;
	case S_IFIFO:
		return &tmp_fifo_ops;
	}
	return &tmp_file_ops;
}

struct tmp_inode *tmp_new(uint32_t mode)
{
	struct tmp_inode *tmp;

	if (inodes >= limit || memory_short())
		return NULL;
	tmp = kzalloc(sizeof *tmp);
	if (tmp == NULL)
		return NULL;
	inode_init(&tmp->inode, ops_of(mode), mode);
	tmp->inode.device = device;
	tmp->inode.ino = ++last_ino;
	tmp->inode.links = 0; // each entry adds one
	if (inode_is(&tmp->inode, S_IFDIR)) {
		list_init(&tmp->entries);
		tmp->parent = root ? root : tmp; // until it has a name
		inode_get(&tmp->parent->inode);
	}
	tmp_touch(tmp, true);
	tmp->atime = tmp->mtime;
	inodes++;
	return tmp;
}

// The last reference is gone, so it has no name either.
void tmp_release(struct inode *inode)
{
	inodes--;
	kfree(inode);
}

void tmp_touch(struct tmp_inode *tmp, bool contents)
{
	tmp->ctime = clock_realtime();
	if (contents)
		tmp->mtime = tmp->ctime;
}

int64_t tmp_change(struct inode *inode, const struct attributes *to)
{
	struct tmp_inode *tmp = tmp_of(inode);

	if (to->which & CHANGE_MODE)
		inode->mode = (inode->mode & S_IFMT) | (to->mode & PERMISSIONS);
	if (to->which & CHANGE_UID)
		inode->uid = to->uid;
	if (to->which & CHANGE_GID)
		inode->gid = to->gid;
	if (to->which & CHANGE_ATIME)
		tmp->atime = to->atime;
	if (to->which & CHANGE_MTIME)
		tmp->mtime = to->mtime;
	tmp_touch(tmp, false);
	return 0;
}

void tmp_stat(struct inode *inode, struct stat *stat)
{
	const struct tmp_inode *tmp = tmp_of(inode);

	stat->atime.seconds = tmp->atime / NANOSECONDS;
	stat->atime.nanoseconds = tmp->atime % NANOSECONDS;
	stat->mtime.seconds = tmp->mtime / NANOSECONDS;
	stat->mtime.nanoseconds = tmp->mtime % NANOSECONDS;
	stat->ctime.seconds = tmp->ctime / NANOSECONDS;
	stat->ctime.nanoseconds = tmp->ctime % NANOSECONDS;
}

bool tmp_home(struct inode *inode, struct path_end *out)
{
	const struct tmp_entry *entry = tmp_of(inode)->entry;

	if (entry == NULL)
		return false;
	out->directory = &entry->directory->inode;
	out->name = entry->name;
	out->size = entry->size;
	return true;
}

// ---- mounting ----

static char options[32]; // for /proc/mounts

// A root without that directory has none.
void tmpfs_init(void)
{
	struct inode *on;

	if (path_lookup(NULL, NULL, "/tmp/", 0, &on))
		return;
	limit = page_total() / 2;
	tmpdir_init();
	device = inode_new_device();
	format(options, sizeof options, "rw,size=%luk",
	       limit * (PAGE_SIZE / 1024));
	root = tmp_new(S_IFDIR | 01777);
	if (root == NULL ||
	    mount_add(&(struct mount){ on, &root->inode, "/tmp", "tmpfs",
	                               options, NULL }))
		panic("no memory for /tmp");
	root->inode.links = 2;
}
