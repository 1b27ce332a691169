#include "disk/raw.h"
#include "disk/block.h"
#include "disk/transport.h"
#include "files/device.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "process/user.h"
#include "process/wait.h"

#define BUFFER_ORDER 3
#define BUFFER (PAGE_SIZE << BUFFER_ORDER) // bytes in one round

#define MAJOR 254 // for local use: where Linux often has these disks
#define MINORS 16 // of each disk: itself, and partitions if we had any

// Requests of ioctl(), as Linux numbers them.
enum {
	BLKROGET = 0x125e,
	BLKGETSIZE = 0x1260, // in sectors
	BLKSSZGET = 0x1268, // bytes of a sector
	BLKGETSIZE64 = 0x80081272, // in bytes
};

// What a call that waited has asked for, in the phase of its future.
enum { NOTHING, TO_READ, TO_WRITE };

// The buffer of an open file and the one request that may be under way with
// it.  Calls on the same file take turns.  Who finds at its turn that the
// buffer was taken by another begins again, which does no harm.
struct raw {
	struct block_request request;
	struct waker waker;
	struct cache_disk *disk; // for its flushes
	struct future *owner; // whose answer it holds; NULL: nobody's
	char *buffer;
	bool busy;
	bool closed; // while busy: whoever ends the request frees this
};

// What was written and flushed, of each disk.
static struct cache_disk *disks;

static struct cache_disk *disk_of(struct inode *inode)
{
	struct cache_disk *disk = disks;

	while (disk->device != raw_device(inode))
		disk++;
	return disk;
}

static void raw_free(struct raw *raw)
{
	page_put(raw->buffer);
	kfree(raw);
}

static void raw_done(struct block_request *request)
{
	struct raw *raw = request->private;

	raw->busy = false;
	if (request->op == BLOCK_WRITE)
		transport_wrote(raw->disk);
	if (raw->closed)
		raw_free(raw);
	else
		wake_all(&raw->waker);
}

// Made when it is needed: not every open file is read.
static struct raw *raw_of(struct file *file)
{
	struct raw *raw = file->private;

	if (raw)
		return raw;
	raw = kzalloc(sizeof *raw);
	if (raw == NULL)
		return NULL;
	raw->buffer = page_alloc(BUFFER_ORDER);
	if (raw->buffer == NULL) {
		kfree(raw);
		return NULL;
	}
	waker_init(&raw->waker);
	list_init(&raw->request.node);
	raw->request.done = raw_done;
	raw->request.buffer = raw->buffer;
	raw->request.private = raw;
	raw->disk = disk_of(file->inode);
	file->private = raw;
	return raw;
}

static int64_t raw_wait(struct raw *raw, struct future *future, int phase)
{
	future->phase = phase;
	return future_wait(future, &raw->waker);
}

// Asks the disk.  If that answered at once the call need not wait; PENDING.
static int64_t raw_ask(struct raw *raw, struct file *file,
                       struct future *future, enum block_op op)
{
	raw->owner = future;
	raw->busy = true;
	raw->request.op = op;
	block_submit(raw_device(file->inode), &raw->request);
	future->phase = op == BLOCK_READ ? TO_READ : TO_WRITE;
	return raw->busy ? raw_wait(raw, future, future->phase) : 0;
}

// Whether the buffer holds the answer to what this call has asked for.
static bool raw_answered(struct raw *raw, struct future *future, int phase)
{
	return !raw->busy && raw->owner == future && future->phase == phase;
}

// The sectors that the bytes from offset on lie in, as many as fit.
static void raw_aim(struct raw *raw, uint64_t offset, size_t size)
{
	size_t within = offset % BLOCK_SECTOR;

	if (size > BUFFER - within)
		size = BUFFER - within;
	raw->request.sector = offset / BLOCK_SECTOR;
	raw->request.count = (within + size + BLOCK_SECTOR - 1) / BLOCK_SECTOR;
}

// The next call may have the buffer.
static int64_t raw_end(struct raw *raw, struct future *future, int64_t result)
{
	raw->owner = NULL;
	future->phase = NOTHING;
	return result;
}

// Cuts a round so that it ends within the disk, and within the buffer; the
// bytes of it.
static size_t raw_round(struct block_device *device, struct transfer *t,
                        uint64_t offset)
{
	uint64_t size = device->sectors * BLOCK_SECTOR;
	size_t most = BUFFER - offset % BLOCK_SECTOR;

	if (offset >= size)
		return 0;
	if (t->left > size - offset)
		t->left = size - offset;
	if (t->left > most)
		t->left = most;
	return t->left;
}

// ---- reading: ask, wait, copy ----

static int64_t raw_take(struct raw *raw, struct transfer *to, uint64_t offset)
{
	size_t size = to->left;
	int64_t err = raw->request.error;

	if (!err)
		err = transfer_out(to, raw->buffer + offset % BLOCK_SECTOR,
		                   size);
	if (err == PENDING)
		return err;
	return raw_end(raw, to->future, err ? err : (int64_t)size);
}

static int64_t raw_read(struct file *file, struct transfer *to, uint64_t offset)
{
	struct block_device *device = raw_device(file->inode);
	struct raw *raw = raw_of(file);
	size_t size = raw_round(device, to, offset);
	int64_t err;

	if (raw == NULL)
		return -ENOMEM;
	if (size == 0)
		return 0;
	if (raw_answered(raw, to->future, TO_READ))
		return raw_take(raw, to, offset);
	if (raw->busy)
		return raw_wait(raw, to->future, NOTHING);
	err = transfer_prepare(to, size, USER_WRITE);
	if (err)
		return err;
	raw_aim(raw, offset, size);
	err = raw_ask(raw, file, to->future, BLOCK_READ);
	return err ? err : raw_take(raw, to, offset);
}

// ---- writing: copy, ask, wait; what does not fill its sectors is read first

static int64_t raw_put(struct raw *raw, struct file *file,
                       struct transfer *from, uint64_t offset)
{
	size_t size = from->left;
	int64_t err = transfer_in(from, raw->buffer + offset % BLOCK_SECTOR,
	                          size);

	if (err == PENDING)
		return err;
	if (!err) {
		raw_aim(raw, offset, size);
		err = raw_ask(raw, file, from->future, BLOCK_WRITE);
		if (err == PENDING)
			return err;
		err = raw->request.error;
	}
	return raw_end(raw, from->future, err ? err : (int64_t)size);
}

// One sector, or as many whole ones as there are.
static bool raw_is_whole(struct transfer *from, uint64_t offset)
{
	size_t room = BLOCK_SECTOR - offset % BLOCK_SECTOR;

	if (room == BLOCK_SECTOR && from->left >= BLOCK_SECTOR) {
		from->left -= from->left % BLOCK_SECTOR;
		return true;
	}
	if (from->left > room)
		from->left = room;
	return false;
}

// Whether the buffer has what the round does not overwrite.  0 or an error.
static int64_t raw_fetch(struct raw *raw, struct file *file,
                         struct transfer *from, uint64_t offset)
{
	if (!raw_answered(raw, from->future, TO_READ)) {
		int64_t err;

		raw_aim(raw, offset, from->left);
		err = raw_ask(raw, file, from->future, BLOCK_READ);
		if (err)
			return err;
	}
	return raw->request.error;
}

static int64_t raw_write(struct file *file, struct transfer *from,
                         uint64_t offset)
{
	struct block_device *device = raw_device(file->inode);
	struct raw *raw = raw_of(file);
	bool whole = raw_round(device, from, offset) &&
	             raw_is_whole(from, offset);
	int64_t err = 0;

	if (raw == NULL)
		return -ENOMEM;
	if (offset >= device->sectors * BLOCK_SECTOR)
		return -ENOSPC;
	if (raw_answered(raw, from->future, TO_WRITE)) {
		err = raw->request.error;
		return raw_end(raw, from->future,
		               err ? err : (int64_t)from->left);
	}
	if (raw->busy)
		return raw_wait(raw, from->future, NOTHING);
	if (!whole)
		err = raw_fetch(raw, file, from, offset);
	if (err == PENDING)
		return err;
	return err ? raw_end(raw, from->future, err)
	           : raw_put(raw, file, from, offset);
}

// ---- the file ----

static int64_t raw_ioctl(struct file *file, struct process *process,
                         uint64_t request, uint64_t arg)
{
	struct block_device *device = raw_device(file->inode);
	uint64_t bytes = device->sectors * BLOCK_SECTOR;
	uint32_t number = BLOCK_SECTOR;

	switch (request) {
	case BLKROGET:
		number = device->read_only;
		break;
	case BLKSSZGET:
		break;
	case BLKGETSIZE:
		return user_copy_out(process, arg, &device->sectors,
		                     sizeof device->sectors);
	case BLKGETSIZE64:
		return user_copy_out(process, arg, &bytes, sizeof bytes);
	default:
		return -ENOTTY;
	}
	return user_copy_out(process, arg, &number, sizeof number);
}

static void raw_release(struct file *file)
{
	struct raw *raw = file->private;

	if (raw && raw->busy)
		raw->closed = true;
	else if (raw)
		raw_free(raw);
}

static const struct file_ops raw_ops = {
	.read = raw_read,
	.write = raw_write,
	.ioctl = raw_ioctl,
	.release = raw_release,
};

static int64_t raw_open(struct inode *inode, struct file *file)
{
	if (raw_device(inode)->read_only && file_writable(file))
		return -EROFS;
	file->ops = &raw_ops;
	return 0;
}

// Its size is for lseek(): a disk has none in the eyes of fstat().
static void raw_stat(struct inode *inode, struct stat *stat)
{
	(void)inode;
	stat->size = 0;
	stat->blocks = 0;
}

// What was written before the call, through whichever open file, is lasting;
// others may write on.
static int64_t raw_sync(struct inode *inode, bool data_only,
                        struct sync_goal *goal)
{
	struct cache_disk *disk = disk_of(inode);

	(void)data_only;
	if (goal->step == 0)
		*goal = (struct sync_goal){ 1, disk->clock };
	return transport_flush(disk, goal->value);
}

static const struct inode_ops raw_inode_ops = {
	.open = raw_open,
	.sync = raw_sync,
	.stat = raw_stat,
	.writable = true,
};

struct block_device *raw_device(struct inode *inode)
{
	if (inode->ops != &raw_inode_ops)
		return NULL;
	return (struct block_device *)device_data(inode);
}

uint32_t raw_number(unsigned n)
{
	return device_number(MAJOR, n * MINORS);
}

void raw_init(void)
{
	struct block_device *device;
	unsigned count = 0;

	while (block_at(count))
		count++;
	disks = kzalloc(count * sizeof disks[0]);
	if (count && disks == NULL)
		panic("no memory for files of disks");
	for (unsigned n = 0; (device = block_at(n)) != NULL; n++) {
		struct inode *inode = device_add_inode(
			device->name, S_IFBLK | 0660, raw_number(n),
			&raw_inode_ops, device);

		cache_disk_init(&disks[n], device);
		if (inode == NULL)
			panic("no memory for /dev/%s", device->name);
		inode->size = device->sectors * BLOCK_SECTOR;
	}
}
