#include "disk/shutdown.h"
#include "disk/ext2_super.h"
#include "disk/mounting.h"
#include "disk/park.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "machine/board.h"
#include "process/halt.h"

static struct ktask task;
static int last_status;

// Nobody uses them any more, so the order of those above it does not matter;
// the first is the root.
static void uncover_all(void)
{
	const struct mount *mount;

	while ((mount = mount_at(1)) != NULL)
		inode_put(mount_remove(mount->root));
}

static int64_t unmount(struct ext2 *fs)
{
	int64_t err = ext2_unmount(fs);

	// What is still in use is written at least; its journal tells the rest.
	return err == -EBUSY ? ext2_sync(fs, &fs->goal) : err;
}

// The next one is the first again: one that is unmounted is in the list no
// more, and only one in use is, which is a mistake of ours.
static int64_t unmount_all(void)
{
	while (!list_empty(&ext2_mounts)) {
		struct ext2 *fs = container_of(ext2_mounts.next, struct ext2,
		                               list);
		int64_t err = unmount(fs);

		if (err == PENDING)
			return err;
		if (ext2_mounts.next == &fs->list) {
			kprintf("%s: in use to the end\n", fs->name);
			list_remove(&fs->list);
		}
	}
	return 0;
}

// Processes first: their files must be closed.
static int64_t shut_down(struct ktask *self)
{
	int64_t err;

	if (halt_kill()) {
		wait_on(&self->waiting, &halt_waker);
		return PENDING;
	}
	park_task = &self->waiting;
	err = mounting_settled();
	if (!err) {
		uncover_all();
		err = unmount_all();
	}
	park_task = NULL;
	if (err != PENDING)
		board.poweroff(last_status);
	return err;
}

static bool shutdown_first(int status)
{
	if (list_empty(&ext2_mounts))
		return false;
	last_status = status;
	task.poll = shut_down;
	ktask_spawn(&task);
	return true;
}

void shutdown_init(void)
{
	halt_first = shutdown_first;
}
