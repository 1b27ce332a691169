#include "files/statx.h"
#include "files/path.h"
#include "files/stat.h"
#include "lib/errno.h"
#include "process/user.h"

// As Linux's <linux/stat.h> has them.
#define BASIC 0x7ffu // fields: all that stat() knows
#define RESERVED 0x80000000u
#define AT_SYNC_TYPE 0x6000 // both of its bits at once make no sense

struct statx_time {
	int64_t seconds;
	uint32_t nanoseconds;
	int32_t reserved;
};

struct statx {
	uint32_t mask, block_size; // mask: which of the fields are told
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, spare;
	uint64_t ino, size, blocks, attributes_mask;
	struct statx_time atime, born, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t mount, more[13];
};
_Static_assert(sizeof(struct statx) == 256, "Linux's size");

static uint32_t major_of(uint64_t device)
{
	return device >> 8 & 0xfff;
}

static uint32_t minor_of(uint64_t device)
{
	return (device & 0xff) | (device >> 12 & 0xfff00);
}

static void fill(struct statx *to, const struct stat *from)
{
	*to = (struct statx){
		.mask = BASIC,
		.block_size = from->block_size,
		.links = from->links,
		.uid = from->uid,
		.gid = from->gid,
		.mode = from->mode,
		.ino = from->ino,
		.size = from->size,
		.blocks = from->blocks,
		.atime = { from->atime.seconds, from->atime.nanoseconds, 0 },
		.ctime = { from->ctime.seconds, from->ctime.nanoseconds, 0 },
		.mtime = { from->mtime.seconds, from->mtime.nanoseconds, 0 },
		.rdev_major = major_of(from->rdev),
		.rdev_minor = minor_of(from->rdev),
		.dev_major = major_of(from->dev),
		.dev_minor = minor_of(from->dev),
	};
}

// What is asked for by the mask is told, and more, as Linux does.
static int64_t sys_statx(struct call *call)
{
	uint32_t flags = call->arg[2], mask = call->arg[3];
	unsigned how = (flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0) |
	               (flags & AT_EMPTY_PATH ? PATH_EMPTY : 0);
	struct inode *inode;
	struct stat stat;
	struct statx out;
	int64_t err;

	if (mask & RESERVED || (flags & AT_SYNC_TYPE) == AT_SYNC_TYPE ||
	    flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
	              AT_SYNC_TYPE))
		return -EINVAL;
	err = path_lookup_at(call->process, call->arg[0], call->arg[1], how,
	                     &inode);
	if (err)
		return err;
	inode_stat(inode, &stat);
	inode_put(inode);
	fill(&out, &stat);
	return user_copy_out(call->process, call->arg[4], &out, sizeof out);
}

static const struct syscall rows[] = {
	SYSCALL(291, statx, sys_statx, "fd path flags flags out:256"),
};

void statx_init(void)
{
	SYSCALL_REGISTER(rows);
}
