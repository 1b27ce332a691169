#include "files/tree.h"
#include "files/file.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"
#include "memory/page.h"

static uint64_t last_ino;

// Nodes are never freed: each keeps the one reference it was born with.
static struct node *node_new(const struct inode_ops *ops, uint32_t mode)
{
	struct node *node = kzalloc(sizeof *node);

	if (node == NULL)
		return NULL;
	inode_init(&node->inode, ops, mode);
	node->inode.ino = ++last_ino;
	list_init(&node->sibling);
	list_init(&node->children);
	node->parent = node;
	return node;
}

struct node *tree_new(void)
{
	struct node *root = node_new(&tree_ops, S_IFDIR | 0755);

	if (root)
		root->inode.device = inode_new_device();
	return root;
}

struct node *tree_add(struct node *directory, const char *name, size_t size,
                      uint32_t mode, const struct inode_ops *ops)
{
	struct node *node = node_new(ops, mode);

	if (node == NULL)
		return NULL;
	node->parent = directory;
	node->name = name;
	node->name_size = size;
	node->inode.device = directory->inode.device;
	// Each ".." is a link to the directory above.
	if ((mode & S_IFMT) == S_IFDIR)
		directory->inode.links++;
	list_add_tail(&directory->children, &node->sibling);
	return node;
}

struct node *tree_child(struct node *directory, const char *name, size_t size)
{
	// Backwards: what is asked for while a tree is built was added last.
	for (struct list *at = directory->children.prev;
	     at != &directory->children; at = at->prev) {
		struct node *node = container_of(at, struct node, sibling);

		if (node->name_size == size && !memcmp(node->name, name, size))
			return node;
	}
	return NULL;
}

struct node *tree_directory(struct node *directory, const char *name,
                            size_t size)
{
	struct node *node = tree_child(directory, name, size);

	if (node == NULL)
		return tree_add(directory, name, size, S_IFDIR | 0755,
		                &tree_ops);
	return inode_is(&node->inode, S_IFDIR) ? node : NULL;
}

int64_t tree_lookup(struct inode *dir, const char *name, size_t size,
                    struct inode **out)
{
	struct node *node;

	if (size == 2 && name[0] == '.' && name[1] == '.')
		node = node_of(dir)->parent;
	else
		node = tree_child(node_of(dir), name, size);
	if (node == NULL)
		return -ENOENT;
	inode_get(&node->inode);
	*out = &node->inode;
	return 0;
}

static bool tree_tell(const char *name, size_t size, const struct inode *inode,
                      uint64_t next, entry_sink sink, void *arg)
{
	struct entry entry = { name, size, inode->ino, inode->mode, next };

	return sink(arg, &entry);
}

bool tree_list(struct node *dir, uint64_t from, entry_sink sink, void *arg)
{
	uint64_t place = 2;

	if (from < 1 && !tree_tell(".", 1, &dir->inode, 1, sink, arg))
		return false;
	if (from < 2 && !tree_tell("..", 2, &dir->parent->inode, 2, sink, arg))
		return false;
	LIST_EACH(at, &dir->children) {
		struct node *node = container_of(at, struct node, sibling);

		if (place++ >= from &&
		    !tree_tell(node->name, node->name_size, &node->inode, place,
		               sink, arg))
			return false;
	}
	return true;
}

static int64_t tree_list_op(struct inode *dir, uint64_t from, entry_sink sink,
                            void *arg)
{
	tree_list(node_of(dir), from, sink, arg);
	return 0;
}

bool tree_home(struct inode *inode, struct path_end *out)
{
	const struct node *node = node_of(inode);

	if (node->parent == node)
		return false;
	out->directory = &node->parent->inode;
	out->name = node->name;
	out->size = node->name_size;
	return true;
}

static int64_t tree_readlink(struct inode *link, char *to)
{
	memcpy(to, node_of(link)->data, link->size);
	return 0;
}

// How many of `size` bytes there are from offset on.
static size_t tree_bytes(const struct inode *inode, uint64_t offset,
                         size_t size)
{
	if (offset >= inode->size)
		return 0;
	return size < inode->size - offset ? size : inode->size - offset;
}

static int64_t tree_read(struct inode *inode, uint64_t offset, void *to,
                         size_t size)
{
	size = tree_bytes(inode, offset, size);
	memcpy(to, node_of(inode)->data + offset, size);
	return size;
}

static int64_t tree_file_read(struct file *file, struct transfer *to,
                              uint64_t offset)
{
	size_t size = tree_bytes(file->inode, offset, to->left);
	int64_t err =
		transfer_out(to, node_of(file->inode)->data + offset, size);

	return err ? err : (int64_t)size;
}

// A copy of the page, kept for all who map it.
static int64_t tree_copy_page(struct node *node, uint64_t index, size_t bytes,
                              void **frame)
{
	size_t pages = (node->inode.size + PAGE_MASK) / PAGE_SIZE;

	// Few files are mapped, so the array comes with the first page.
	if (node->frames == NULL)
		node->frames = kzalloc(pages * sizeof node->frames[0]);
	if (node->frames == NULL)
		return -ENOMEM;
	if (node->frames[index] == NULL) {
		void *copy = page_alloc(0);

		if (copy == NULL)
			return -ENOMEM;
		memcpy(copy, node->data + index * PAGE_SIZE, bytes);
		memset(copy + bytes, 0, PAGE_SIZE - bytes);
		node->frames[index] = copy;
	}
	*frame = node->frames[index];
	page_get(*frame);
	return 0;
}

// A whole page of the file that is a page of memory needs no copy: programs
// run where the archive lies.
static int64_t tree_page(struct inode *inode, uint64_t index, void **frame)
{
	const char *data = node_of(inode)->data;
	size_t bytes;

	if (index > inode->size / PAGE_SIZE)
		return -EIO;
	bytes = tree_bytes(inode, index * PAGE_SIZE, PAGE_SIZE);
	if (bytes == 0)
		return -EIO;
	if (bytes < PAGE_SIZE || (uintptr_t)data & PAGE_MASK)
		return tree_copy_page(node_of(inode), index, bytes, frame);
	*frame = (void *)(data + index * PAGE_SIZE);
	return 0;
}

static const struct file_ops file_ops = {
	.read = tree_file_read,
};

static int64_t tree_open(struct inode *inode, struct file *file)
{
	if (inode_is(inode, S_IFREG))
		file->ops = &file_ops;
	return 0;
}

const struct inode_ops tree_ops = {
	.lookup = tree_lookup,
	.list = tree_list_op,
	.readlink = tree_readlink,
	.read = tree_read,
	.page = tree_page,
	.open = tree_open,
	.home = tree_home,
};
