#include "disk/mounting.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_super.h"
#include "disk/park.h"
#include "disk/raw.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "process/user.h"

#define MS_RDONLY 1
#define TYPE_LONGEST 16
#define WHERE_LONGEST 256

// One file system comes or goes at a time; the others wait.
static struct block_device *coming; // NULL: none
static struct ext2 *coming_fs;
static struct ext2 *going;
static struct ktask going_task;
static struct waker turn = WAKER_INIT(turn);

// ---- mount() ----

static bool mounted(const struct block_device *device)
{
	LIST_EACH(node, &ext2_mounts)
		if (container_of(node, struct ext2, list)->disk.device ==
		    device)
			return true;
	return false;
}

static int64_t type_check(struct process *process, uint64_t address)
{
	char type[TYPE_LONGEST];
	int64_t size = user_copy_string(process, type, address, sizeof type);

	if (size < 0)
		return size;
	return strcmp(type, "ext2") == 0 || strcmp(type, "ext3") == 0 ||
	                       strcmp(type, "ext4") == 0
	               ? 0
	               : -ENODEV;
}

static int64_t device_find(struct process *process, uint64_t path,
                           struct block_device **out)
{
	struct inode *inode;
	int64_t err = path_lookup_at(process, AT_FDCWD, path, 0, &inode);

	if (err)
		return err;
	*out = inode_is(inode, S_IFBLK) ? raw_device(inode) : NULL;
	inode_put(inode);
	return *out ? 0 : -ENODEV;
}

static const char *type_of(const struct ext2 *fs)
{
	if (fs->super->incompatible & EXT2_INCOMPAT_EXTENTS)
		return "ext4";
	return fs->journal.present ? "ext3" : "ext2";
}

struct mount mounting_entry(struct ext2 *fs)
{
	return (struct mount){
		.root = fs->root,
		.type = type_of(fs),
		.options = fs->read_only ? "ro" : "rw",
		.disk = fs->name,
	};
}

// Puts it where it belongs; the path is kept for /proc/mounts.
static int64_t cover(struct process *process, uint64_t path, struct ext2 *fs)
{
	struct mount mount;
	struct inode *on;
	int64_t err;

	if (fs->where == NULL)
		fs->where = kmalloc(WHERE_LONGEST);
	err = fs->where ? user_copy_string(process, fs->where, path,
	                                   WHERE_LONGEST)
	                : -ENOMEM;
	if (err >= 0)
		err = path_lookup_at(process, AT_FDCWD, path, 0, &on);
	if (err)
		return err;
	mount = mounting_entry(fs);
	mount.on = on;
	mount.path = fs->where;
	err = inode_is(on, S_IFDIR) ? mount_add(&mount) : -ENOTDIR;
	if (err)
		inode_put(on);
	return err;
}

static int64_t mount_device(struct block_device *device, bool read_only)
{
	int64_t err;

	if (going || (coming && coming != device))
		return park(&turn);
	if (mounted(device) && coming != device)
		return -EBUSY;
	coming = device;
	if (coming_fs && coming_fs->root && mounted(device))
		return 0; // it is there, and waits to be covered
	err = ext2_mount(device, read_only, &coming_fs);
	if (err && err != PENDING) {
		coming = NULL;
		wake_all(&turn);
	}
	return err;
}

static int64_t leave(struct ext2 *fs);

// From the moment on that the turn is its own, no signal cuts it short: who
// would let go of what is there in part?  A disk answers, or is given up.
static int64_t sys_mount(struct call *call)
{
	struct future *future = future_of(call);
	struct process *process = call->process;
	struct block_device *device = future->object;
	int64_t err = 0;
	struct ext2 *fs;

	if (device == NULL)
		err = type_check(process, call->arg[2]);
	if (!err && device == NULL)
		err = device_find(process, call->arg[0], &device);
	if (!err)
		err = mount_device(device, call->arg[3] & MS_RDONLY);
	if (!err)
		err = cover(process, call->arg[1], coming_fs);
	if (device == NULL || coming != device)
		return err;
	if (err == PENDING) {
		future->object = device;
		future->deaf = true;
		return err;
	}
	fs = coming_fs;
	coming = NULL;
	coming_fs = NULL;
	wake_all(&turn);
	if (err)
		leave(fs);
	return err;
}

// ---- umount2() ----

static int64_t going_poll(struct ktask *task)
{
	int64_t err;

	park_task = &task->waiting;
	err = ext2_unmount(going);
	park_task = NULL;
	if (err == PENDING)
		return err;
	going = NULL;
	wake_all(&turn);
	return 0;
}

// A task sees to its end, whatever becomes of the call.
static int64_t leave(struct ext2 *fs)
{
	going = fs;
	going_task.poll = going_poll;
	ktask_spawn(&going_task);
	return 0;
}

// Uncovers what the file system covers.
static int64_t uncover(struct inode *root)
{
	struct ext2 *fs;
	struct inode *on;

	if (!mount_is_root(root))
		return -EINVAL;
	if (root->ops != &ext2_ops)
		return -EBUSY;
	fs = ext2_of(root)->fs;
	if (going || coming)
		return park(&turn);
	if (ext2_in_use(fs, 1)) // the reference of this look-up
		return -EBUSY;
	on = mount_remove(root);
	if (on == NULL)
		return -EBUSY;
	inode_put(on);
	return 0;
}

int64_t mounting_settled(void)
{
	return going ? park(&turn) : 0;
}

static int64_t sys_umount2(struct call *call)
{
	struct future *future = future_of(call);
	struct inode *root;
	int64_t err;

	if (future->phase) // begun; it may be another's turn by now
		return going && going == future->object ? park(&turn) : 0;
	err = path_lookup_at(call->process, AT_FDCWD, call->arg[0], 0, &root);
	if (err)
		return err;
	err = uncover(root);
	inode_put(root);
	if (err)
		return err;
	future->object = ext2_of(root)->fs;
	future->phase = 1;
	leave(future->object);
	return park(&turn);
}

// ---- syncfs() ----

static int64_t sys_syncfs(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);
	struct future *future = future_of(call);
	struct sync_goal goal = { future->phase, future->goal };
	int64_t err;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->inode->ops != &ext2_ops)
		return 0;
	err = ext2_sync(ext2_of(file->inode)->fs, &goal);
	if (err == PENDING) {
		future->phase = goal.step;
		future->goal = goal.value;
	}
	return err;
}

static const struct syscall rows[] = {
	SYSCALL(39, umount2, sys_umount2, "path flags"),
	SYSCALL(40, mount, sys_mount, "path path str flags ptr"),
	SYSCALL(267, syncfs, sys_syncfs, "fd"),
};

void mounting_init(void)
{
	SYSCALL_REGISTER(rows);
}
