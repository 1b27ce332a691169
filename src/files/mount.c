#include "files/mount.h"
#include "lib/errno.h"
#include "machine/panic.h"

#define MOUNTS 8

static struct mount mounts[MOUNTS];
static int count;

int mount_add(const struct mount *mount)
{
	struct inode *on = mount->on;

	if (count == MOUNTS)
		return -ENOMEM;
	// The root comes first, and covers nothing.
	if (on ? mount_up(on) != on : count != 0)
		return -EBUSY;
	mounts[count++] = *mount;
	return 0;
}

struct mount mount_exchange(const struct mount *root)
{
	struct mount old = mounts[0];

	mounts[0] = *root;
	return old;
}

struct inode *mount_move(int n, struct inode *on)
{
	struct inode *old = mounts[n].on;

	mounts[n].on = on;
	return old;
}

struct inode *mount_remove(struct inode *root)
{
	for (int n = 1; n < count; n++) {
		struct inode *on = mounts[n].on;

		if (mounts[n].root != root)
			continue;
		count--;
		for (int i = n; i < count; i++)
			mounts[i] = mounts[i + 1];
		return on;
	}
	return NULL;
}

struct inode *mount_root(void)
{
	if (count == 0)
		panic("no root file system");
	return mounts[0].root;
}

// A step through a directory asks for every name, so this must be short: a
// handful of mounts, compared by their address, for an inode is in memory only
// once.
struct inode *mount_up(struct inode *inode)
{
	for (struct mount *m = mounts + 1; m < mounts + count; m++)
		if (m->on == inode)
			return m->root;
	return inode;
}

struct inode *mount_down(struct inode *inode)
{
	for (struct mount *m = mounts + 1; m < mounts + count; m++)
		if (m->root == inode)
			return m->on;
	return inode;
}

bool mount_is_root(const struct inode *inode)
{
	for (struct mount *m = mounts; m < mounts + count; m++)
		if (m->root == inode)
			return true;
	return false;
}

const struct mount *mount_at(int n)
{
	return n < count ? &mounts[n] : NULL;
}

// By the number of the file system, which its inodes share.
const struct mount *mount_of(const struct inode *inode)
{
	for (struct mount *m = mounts; m < mounts + count; m++)
		if (m->root->device == inode->device)
			return m;
	return NULL;
}
