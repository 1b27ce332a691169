#include "files/device.h"
#include "files/mount.h"
#include "files/path.h"
#include "files/random.h"
#include "files/transfer.h"
#include "files/tree.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/panic.h"

static struct node *devices;

static int64_t null_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	(void)file, (void)to, (void)offset;
	return 0;
}

// Takes all that there is, whatever a pass may move.
static int64_t null_write(struct file *file, struct transfer *from,
                          uint64_t offset)
{
	(void)file, (void)offset;
	return from->total;
}

static int64_t zero_read(struct file *file, struct transfer *to,
                         uint64_t offset)
{
	size_t size = to->left;
	int64_t err = transfer_zero(to, size);
	(void)file, (void)offset;

	return err ? err : (int64_t)size;
}

static int64_t full_write(struct file *file, struct transfer *from,
                          uint64_t offset)
{
	(void)file, (void)from, (void)offset;
	return -ENOSPC;
}

static int64_t random_read(struct file *file, struct transfer *to,
                           uint64_t offset)
{
	(void)file, (void)offset;
	return random_transfer(to);
}

// What is written is stirred in; it cannot make things worse.
static int64_t random_write(struct file *file, struct transfer *from,
                            uint64_t offset)
{
	uint64_t words[32];
	size_t size = from->left < sizeof words ? from->left : sizeof words;
	int64_t err = transfer_in(from, words, size);
	(void)file, (void)offset;

	for (size_t i = 0; !err && i < size / sizeof words[0]; i++)
		random_stir(words[i]);
	return err ? err : (int64_t)size;
}

static const struct file_ops null_ops = { .read = null_read,
	                                  .write = null_write };
static const struct file_ops zero_ops = { .read = zero_read,
	                                  .write = null_write };
static const struct file_ops full_ops = { .read = zero_read,
	                                  .write = full_write };
static const struct file_ops random_ops = { .read = random_read,
	                                    .write = random_write };

static int64_t device_open(struct inode *inode, struct file *file)
{
	file->ops = node_of(inode)->data;
	return 0;
}

static const struct inode_ops device_ops = {
	.open = device_open,
	.home = tree_home,
	.writable = true,
};

struct inode *device_add_inode(const char *name, uint32_t mode, uint32_t number,
                               const struct inode_ops *ops, const void *data)
{
	struct node *node = tree_add(devices, name, strlen(name), mode, ops);

	if (node == NULL)
		return NULL;
	node->inode.rdev = number;
	node->data = data;
	return &node->inode;
}

const void *device_data(struct inode *inode)
{
	return node_of(inode)->data;
}

bool device_add(const char *name, unsigned major, unsigned minor,
                const struct file_ops *ops)
{
	return device_add_inode(name, S_IFCHR | 0666,
	                        device_number(major, minor), &device_ops, ops);
}

void device_init(void)
{
	struct inode *on;

	devices = tree_new();
	if (devices == NULL || path_lookup(NULL, NULL, "/dev", 0, &on) ||
	    mount_add(&(struct mount){ on, &devices->inode, "/dev",
	                               "devtmpfs", "ro", NULL }) ||
	    !device_add("null", 1, 3, &null_ops) ||
	    !device_add("zero", 1, 5, &zero_ops) ||
	    !device_add("full", 1, 7, &full_ops) ||
	    !device_add("random", 1, 8, &random_ops) ||
	    !device_add("urandom", 1, 9, &random_ops))
		panic("no /dev");
}
