// A read-only tree of files that are in memory already: what the initrd is
// turned into, and what /dev and /proc hang their fixed names on.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include "lib/list.h"

struct node {
	struct inode inode; // first: an inode of ours is its node
	struct node *parent; // the root's is itself
	struct list sibling, children; // in the order they were added
	const char *name;
	size_t name_size;
	const void *data; // a file's contents, a link's target
	void **frames; // copies of its pages, made when asked for
};

extern const struct inode_ops tree_ops;

static inline struct node *node_of(struct inode *inode)
{
	return (struct node *)inode;
}

// A new tree with nothing but its root; NULL when out of memory.
struct node *tree_new(void);

// Adds a name to a directory: with ops of its own, or as a file, directory or
// link.  The name is not copied.  NULL when out of memory.
struct node *tree_add(struct node *directory, const char *name, size_t size,
                      uint32_t mode, const struct inode_ops *ops);

// The child of that name; NULL: none.
struct node *tree_child(struct node *directory, const char *name, size_t size);

// The directory of that name, made if it is not there; NULL when out of
// memory, or when it is something else.
struct node *tree_directory(struct node *directory, const char *name,
                            size_t size);

// For directories that have more names than the tree's.
int64_t tree_lookup(struct inode *dir, const char *name, size_t size,
                    struct inode **out);

// Where it hangs: for ops of one's own.
bool tree_home(struct inode *inode, struct path_end *out);

// Tells of ".", ".." and the children, with small cursors; false if the sink
// has had enough.
bool tree_list(struct node *dir, uint64_t from, entry_sink sink, void *arg);
