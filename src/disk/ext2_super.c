#include "disk/ext2_super.h"
#include "disk/ext2_alloc.h"
#include "disk/ext2_check.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_journal.h"
#include "disk/ext2_orphan.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "memory/heap.h"

struct list ext2_mounts = LIST_INIT(ext2_mounts);

uint32_t ext2_now(const struct ext2 *fs)
{
	uint64_t now = clock_realtime() / NANOSECONDS;

	return now > fs->floor ? now : fs->floor;
}

int64_t ext2_corrupt(struct ext2 *fs, const char *what, uint64_t number)
{
	if (fs->why == NULL) {
		fs->why = what;
		journal_blame(&fs->journal);
		fs->spoilt = !fs->read_only;
		fs->read_only = true;
		kprintf("%s: corrupt: %s %ld; read-only from now on\n",
		        fs->name, what, (long)number);
		journal_abort(&fs->journal, what);
	}
	return -EIO;
}

static void gave_up(struct journal *journal, const char *why)
{
	struct ext2 *fs = container_of(journal, struct ext2, journal);

	if (fs->why == NULL)
		kprintf("%s: %s; read-only from now on\n", fs->name, why);
	fs->why = why;
	fs->spoilt |= !fs->read_only;
	fs->read_only = true;
}

// ---- steps of mounting, each asked again while it answers PENDING ----

// The size of blocks is not known yet, so these are of 1 KiB.
static int64_t mount_probe(struct ext2 *fs)
{
	struct cache_page *page;
	int64_t err = cache_get(&fs->meta, 1, &page);

	if (!err)
		err = ext2_check_super(fs, page->data);
	if (err)
		return err;
	cache_drop(page);
	cache_object_init(&fs->meta, &fs->disk, fs->block_size,
	                  fs->block_size);
	fs->descriptors = kzalloc(fs->descriptor_blocks *
	                          sizeof fs->descriptors[0]);
	fs->states = kzalloc(fs->groups * sizeof fs->states[0]);
	return fs->descriptors && fs->states ? 0 : -ENOMEM;
}

static int64_t mount_pin(struct ext2 *fs)
{
	uint32_t at = EXT2_SUPER_AT / fs->block_size;
	int64_t err = 0;

	if (fs->super_page == NULL) {
		err = cache_get(&fs->meta, at, &fs->super_page);
		if (err) {
			fs->super_page = NULL;
			return err;
		}
		cache_hold(fs->super_page);
		fs->super = (void *)((char *)fs->super_page->data +
		                     EXT2_SUPER_AT % fs->block_size);
	}
	for (uint32_t i = 0; i < fs->descriptor_blocks; i++) {
		struct cache_page *page;

		if (fs->descriptors[i])
			continue;
		err = cache_get(&fs->meta, fs->super->first_block + 1 + i,
		                &page);
		if (err)
			return err;
		cache_hold(page);
		fs->descriptors[i] = page;
	}
	return 0;
}

static int64_t mount_groups(struct ext2 *fs)
{
	return ext2_check_groups(fs);
}

// The replay may have changed everything that was read before.
static int64_t mount_again(struct ext2 *fs)
{
	uint32_t blocks = fs->super->blocks, groups = fs->groups;
	uint32_t block_size = fs->block_size, inode_size = fs->inode_size;
	uint32_t descriptor_blocks = fs->descriptor_blocks;
	int err = ext2_check_super(fs, fs->super);

	if (!err && (fs->block_size != block_size || fs->groups != groups ||
	             fs->inode_size != inode_size ||
	             fs->super->blocks != blocks))
		err = -EIO;
	// What was allocated by them is given back by them.
	fs->groups = groups;
	fs->descriptor_blocks = descriptor_blocks;
	if (!err)
		err = ext2_check_groups(fs);
	fs->floor = fs->super->write_time;
	if (!err && !fs->read_only &&
	    (fs->super->state & EXT2_STATE_ERRORS ||
	     journal_is_blamed(&fs->journal))) {
		kprintf("%s: has errors, run e2fsck: read-only\n", fs->name);
		fs->read_only = true;
	}
	return err;
}

// Before anything goes to the log, the superblock says that there may be
// something in it; without a log, that it was not left in order.
static int64_t mount_mark(struct ext2 *fs)
{
	if (fs->read_only)
		return 0;
	if (fs->journal.present)
		fs->super->incompatible |= EXT2_INCOMPAT_RECOVER;
	else if (fs->super->state & EXT2_STATE_CLEAN)
		fs->super->state &= ~EXT2_STATE_CLEAN;
	else
		kprintf("%s: was not unmounted, run e2fsck\n", fs->name);
	fs->super->write_time = fs->super->mount_time = ext2_now(fs);
	fs->super->mounts++;
	cache_dirty(fs->super_page);
	return 0;
}

int64_t ext2_write_super(struct ext2 *fs)
{
	int64_t err = writeback_object(&fs->meta);

	fs->journal.barrier = fs->disk.clock;
	return err;
}

int64_t ext2_flush(struct ext2 *fs)
{
	return fs->read_only && !fs->spoilt
	               ? 0
	               : transport_flush(&fs->disk, fs->journal.barrier);
}

// Who reads only has nothing to wait for.
static int64_t mount_journal(struct ext2 *fs)
{
	if (fs->read_only) {
		fs->journal.error = -EROFS;
		fs->journal.committed = fs->journal.tid - 1;
		return 0;
	}
	return fs->journal.present ? journal_start(&fs->journal) : 0;
}

static int64_t mount_root(struct ext2 *fs)
{
	struct ext2_inode *root;
	int64_t err = ext2_inode_get(fs, EXT2_ROOT_INODE, false, &root);

	if (err)
		return err;
	fs->root = &root->inode;
	return inode_is(fs->root, S_IFDIR)
	               ? 0
	               : ext2_corrupt(fs, "root is no directory: inode",
	                              EXT2_ROOT_INODE);
}

static int64_t mount_orphans(struct ext2 *fs)
{
	int64_t err;

	if (fs->read_only)
		return 0;
	err = ext2_orphans_load(fs);
	if (!err)
		ext2_orphans_start(fs);
	return err;
}

static int64_t (*const steps[])(struct ext2 *) = {
	mount_probe,   mount_pin,     mount_groups,  ext2_journal_find,
	ext2_journal_super, ext2_journal_replay, mount_again, mount_mark,
	ext2_write_super,   ext2_flush,   mount_journal, mount_root,
	mount_orphans,
};

#define STEPS (int)(sizeof steps / sizeof steps[0])

static struct ext2 *ext2_new(struct block_device *device, bool read_only)
{
	struct ext2 *fs = kzalloc(sizeof *fs);

	if (fs == NULL)
		return NULL;
	fs->name = device->name;
	fs->read_only = read_only || device->read_only;
	fs->device = inode_new_device();
	cache_disk_init(&fs->disk, device);
	cache_object_init(&fs->meta, &fs->disk, 1024, 1024);
	fs->journal.disk = &fs->disk;
	fs->journal.meta = &fs->meta;
	fs->journal.on_commit = ext2_freed;
	fs->journal.on_error = gave_up;
	list_init(&fs->journal.done);
	waker_init(&fs->journal.work);
	waker_init(&fs->journal.room);
	waker_init(&fs->journal.committed_waker);
	waker_init(&fs->journal.slot_waker);
	fs->journal.task.finished = fs->reaper.finished = true;
	waker_init(&fs->reaper_work);
	waker_init(&fs->reaped);
	list_init(&fs->list);
	list_init(&fs->idle);
	list_init(&fs->orphans);
	for (size_t i = 0; i < sizeof fs->inodes / sizeof fs->inodes[0]; i++)
		list_init(&fs->inodes[i]);
	return fs;
}

// What the replay has begun to write has to end first.
static int64_t mount_fail(struct ext2 *fs, struct ext2 **out)
{
	int64_t err = ext2_settle(fs);

	if (err)
		return err;
	err = fs->failed;
	kprintf("%s: not mounted\n", fs->name);
	ext2_free(fs);
	*out = NULL;
	return err;
}

int64_t ext2_mount(struct block_device *device, bool read_only,
                   struct ext2 **out)
{
	struct ext2 *fs = *out;

	if (fs == NULL)
		fs = *out = ext2_new(device, read_only);
	if (fs == NULL)
		return -ENOMEM;
	while (!fs->failed && fs->phase < STEPS) {
		fs->failed = steps[fs->phase](fs);
		if (fs->failed == PENDING) {
			fs->failed = 0;
			return PENDING;
		}
		fs->phase++;
	}
	if (fs->failed)
		return mount_fail(fs, out);
	fs->phase = 0;
	list_add_tail(&ext2_mounts, &fs->list);
	return 0;
}

void ext2_statfs(const struct ext2 *fs, struct ext2_space *space)
{
	*space = (struct ext2_space){
		.block_size = fs->block_size,
		.blocks = fs->super->blocks,
		.free = fs->super->free_blocks,
		.inodes = fs->super->inodes,
		.free_inodes = fs->super->free_inodes,
	};
}
