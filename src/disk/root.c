#include "disk/root.h"
#include "disk/block.h"
#include "disk/ext2_super.h"
#include "disk/mounting.h"
#include "disk/park.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/panic.h"

#define FIRST_DISK "vda"
#define FIRST_PROGRAM "/bin/init"
#define POINTS 8 // mounts, with the root itself

static struct {
	struct ktask task;
	struct block_device *device;
	struct ext2 *fs;
	bool wanted; // by name
	bool mounted, rejected;
	void (*then)(void);
} root;

// ---- the disk's file system in the place of the initial one ----

static int64_t find(const char *path, uint32_t type, struct inode **out)
{
	int64_t err = path_lookup(NULL, NULL, path, 0, out);

	if (!err && !inode_is(*out, type)) {
		inode_put(*out);
		err = -ENOENT;
	}
	if (err && err != PENDING)
		kprintf("%s: no %s in it (error %d)\n", root.fs->name, path,
		        (int)-err);
	return err;
}

// What a root has to have.  on: the directories that are covered.
static int64_t find_all(struct inode *on[], int *count)
{
	const struct mount *mount;
	struct inode *program;
	int64_t err = find(FIRST_PROGRAM, S_IFREG, &program);

	*count = 0;
	if (err)
		return err;
	inode_put(program);
	for (int n = 1; !err && n < POINTS && (mount = mount_at(n)); n++) {
		err = find(mount->path, S_IFDIR, &on[n]);
		*count += !err;
	}
	return err;
}

// Nobody else is there yet, so paths may begin at the new root before it is
// known to be one.  The initial root stays in memory, where nobody finds it.
static int64_t enter(struct ext2 *fs)
{
	struct mount new = mounting_entry(fs), old;
	struct inode *on[POINTS];
	int count;
	int64_t err;

	new.path = "/";
	old = mount_exchange(&new);
	err = find_all(on, &count);
	if (err)
		mount_exchange(&old);
	for (int n = 1; n <= count; n++)
		inode_put(err ? on[n] : mount_move(n, on[n]));
	return err;
}

// ---- the decision ----

static int64_t give_up(void)
{
	if (root.wanted) {
		kprintf("root: not on the disk that `root=` names: power "
		        "off\n");
		board.poweroff(panic_status);
	}
	kprintf("root: not on the first disk; the initial one instead\n");
	return 0;
}

static int64_t choose(void)
{
	int64_t err = 0;

	if (!root.rejected && !root.mounted)
		err = ext2_mount(root.device, false, &root.fs);
	root.mounted |= !err;
	if (!err && !root.rejected) {
		err = enter(root.fs);
		if (!err)
			return 0;
	}
	if (err == PENDING)
		return err;
	root.rejected = true;
	err = root.mounted ? ext2_unmount(root.fs) : 0;
	return err == PENDING ? err : give_up();
}

static int64_t root_poll(struct ktask *task)
{
	int64_t err;

	park_task = &task->waiting;
	err = choose();
	park_task = NULL;
	if (err == PENDING)
		return err;
	root.then();
	return 0;
}

// The disk of the boot argument, with or without "/dev/"; NULL: there is none
// of that name.
static struct block_device *named(const char *name, size_t size)
{
	char copy[32];

	if (size > 5 && memcmp(name, "/dev/", 5) == 0) {
		name += 5;
		size -= 5;
	}
	if (size >= sizeof copy)
		return NULL;
	memcpy(copy, name, size);
	copy[size] = '\0';
	return block_find(copy);
}

void root_choose(void (*then)(void))
{
	size_t size;
	const char *name = board_arg("root", &size);

	root.then = then;
	root.wanted = name && !board_arg_is("root", "initrd");
	if (name == NULL)
		root.device = block_find(FIRST_DISK);
	else if (root.wanted)
		root.device = named(name, size);
	if (root.device) {
		root.task.poll = root_poll;
		ktask_spawn(&root.task);
		return;
	}
	if (root.wanted) {
		kprintf("root: there is no disk of that name\n");
		give_up();
	}
	then();
}
