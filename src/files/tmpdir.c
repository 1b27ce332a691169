// Directories of a tmpfs, links and FIFOs in them.
#include "files/fifo.h"
#include "files/tmpfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/heap.h"

#define FIRST 2 // cursors below are those of "." and ".."

// ---- entries ----

#define BUCKETS 256 // a power of two

// All entries of all directories, so that no lookup goes through a long one.
static struct list buckets[BUCKETS];

void tmpdir_init(void)
{
	for (int i = 0; i < BUCKETS; i++)
		list_init(&buckets[i]);
}

static struct list *bucket_of(const struct tmp_inode *dir, const char *name,
                              size_t size)
{
	uint64_t mixed = (uintptr_t)dir / 64;

	for (size_t i = 0; i < size; i++)
		mixed = 31 * mixed + (uint8_t)name[i];
	return &buckets[(mixed ^ mixed >> 8) % BUCKETS];
}

static struct tmp_entry *entry_of(struct list *node)
{
	return container_of(node, struct tmp_entry, node);
}

static struct tmp_entry *entry_find(const struct tmp_inode *dir,
                                    const char *name, size_t size)
{
	LIST_EACH(node, bucket_of(dir, name, size)) {
		struct tmp_entry *e =
			container_of(node, struct tmp_entry, hash);

		if (e->directory == dir && e->size == size &&
		    !memcmp(e->name, name, size))
			return e;
	}
	return NULL;
}

// Not in its directory yet; NULL when out of memory.
static struct tmp_entry *entry_new(const struct path_end *at)
{
	struct tmp_entry *e = kmalloc(sizeof *e + at->size);

	if (e == NULL)
		return NULL;
	list_init(&e->node);
	e->directory = tmp_of(at->directory);
	e->size = at->size;
	memcpy(e->name, at->name, at->size);
	return e;
}

// It names the inode now, and holds it.
static void entry_add(struct tmp_entry *e, struct tmp_inode *tmp)
{
	struct tmp_inode *dir = e->directory;

	e->inode = tmp;
	e->cursor = ++dir->cursor + FIRST;
	list_add_tail(&dir->entries, &e->node);
	list_add_tail(bucket_of(dir, e->name, e->size), &e->hash);
	inode_get(&tmp->inode);
	tmp->entry = e;
	tmp->inode.links++;
	if (inode_is(&tmp->inode, S_IFDIR)) {
		inode_get(&dir->inode);
		inode_put(&tmp->parent->inode);
		tmp->parent = dir;
		dir->inode.links++;
	}
	tmp_touch(dir, true);
	tmp_touch(tmp, false);
}

// The reverse; the entry is gone.  A directory still holds its parent, for who
// is in it may want to leave.
static void entry_remove(struct tmp_entry *e)
{
	struct tmp_inode *tmp = e->inode, *dir = e->directory;

	list_remove(&e->node);
	list_remove(&e->hash);
	if (tmp->entry == e)
		tmp->entry = NULL;
	tmp->inode.links--;
	tmp_touch(dir, true);
	tmp_touch(tmp, false);
	kfree(e);
	if (inode_is(&tmp->inode, S_IFDIR))
		dir->inode.links--;
	inode_put(&tmp->inode);
}

// ---- reading ----

// One that was removed is empty, and still knows its parent.
static int64_t tmp_lookup(struct inode *inode, const char *name, size_t size,
                          struct inode **out)
{
	struct tmp_inode *dir = tmp_of(inode);
	struct tmp_entry *e;

	*out = &dir->parent->inode;
	if (size != 2 || memcmp(name, "..", 2)) {
		e = entry_find(dir, name, size);
		if (e == NULL)
			return -ENOENT;
		*out = &e->inode->inode;
	}
	inode_get(*out);
	return 0;
}

static bool tmp_tell(const char *name, size_t size, const struct inode *inode,
                     uint64_t next, entry_sink sink, void *arg)
{
	struct entry entry = { name, size, inode->ino, inode->mode, next };

	return sink(arg, &entry);
}

static int64_t tmp_list(struct inode *inode, uint64_t from, entry_sink sink,
                        void *arg)
{
	struct tmp_inode *dir = tmp_of(inode);

	if (inode->links == 0)
		return -ENOENT;
	if (from < 1 && !tmp_tell(".", 1, inode, 1, sink, arg))
		return 0;
	if (from < 2 &&
	    !tmp_tell("..", 2, &dir->parent->inode, 2, sink, arg))
		return 0;
	LIST_EACH(node, &dir->entries) {
		struct tmp_entry *e = entry_of(node);

		if (e->cursor > from &&
		    !tmp_tell(e->name, e->size, &e->inode->inode, e->cursor,
		              sink, arg))
			return 0;
	}
	return 0;
}

// ---- making ----

static bool is_dead(const struct inode *directory)
{
	return directory->links == 0;
}

static int64_t tmp_create(const struct path_end *at, uint32_t mode,
                          struct inode **out)
{
	struct tmp_entry *e;
	struct tmp_inode *tmp;

	if (is_dead(at->directory))
		return -ENOENT;
	e = entry_new(at);
	tmp = e ? tmp_new(mode) : NULL;
	if (tmp == NULL) {
		kfree(e);
		return -ENOSPC;
	}
	entry_add(e, tmp);
	if (inode_is(&tmp->inode, S_IFDIR))
		tmp->inode.links++; // its own "."
	*out = &tmp->inode;
	return 0;
}

static int64_t tmp_symlink(const struct path_end *at, const char *target,
                           size_t size)
{
	struct inode *inode;
	char *copy = kmalloc(size);
	int64_t err;

	if (copy == NULL)
		return -ENOSPC;
	memcpy(copy, target, size);
	err = tmp_create(at, S_IFLNK | 0777, &inode);
	if (err) {
		kfree(copy);
		return err;
	}
	tmp_of(inode)->target = copy;
	inode->size = size;
	inode_put(inode);
	return 0;
}

static int64_t tmp_link(const struct path_end *at, struct inode *inode)
{
	struct tmp_entry *e;

	if (is_dead(at->directory) || inode->links == 0)
		return -ENOENT;
	e = entry_new(at);
	if (e == NULL)
		return -ENOSPC;
	entry_add(e, tmp_of(inode));
	return 0;
}

// ---- removing ----

static bool is_full(const struct inode *inode)
{
	return inode_is(inode, S_IFDIR) && !list_empty(&tmp_of(inode)->entries);
}

static int64_t tmp_unlink(const struct path_end *at, struct inode *inode)
{
	struct tmp_entry *e =
		entry_find(tmp_of(at->directory), at->name, at->size);

	if (is_full(inode))
		return -ENOTEMPTY;
	if (inode_is(inode, S_IFDIR))
		inode->links--; // its "."
	entry_remove(e);
	return 0;
}

// The new name is there before the old one goes.
static int64_t tmp_rename(const struct path_end *from, struct inode *inode,
                          const struct path_end *to, struct inode *victim)
{
	struct tmp_entry *e;

	if (is_dead(to->directory))
		return -ENOENT;
	if (victim && is_full(victim))
		return -ENOTEMPTY;
	e = entry_new(to);
	if (e == NULL)
		return -ENOSPC;
	if (victim)
		tmp_unlink(to, victim);
	entry_remove(entry_find(tmp_of(from->directory), from->name,
	                        from->size));
	entry_add(e, tmp_of(inode));
	return 0;
}

// It keeps its place, and names another inode; the reference to the old one is
// the caller's.
static void entry_set(struct tmp_entry *e, struct tmp_inode *tmp)
{
	struct tmp_inode *dir = e->directory, *old = e->inode;

	e->inode = tmp;
	tmp->entry = e;
	dir->inode.links += inode_is(&tmp->inode, S_IFDIR);
	dir->inode.links -= inode_is(&old->inode, S_IFDIR);
	if (inode_is(&tmp->inode, S_IFDIR)) {
		inode_get(&dir->inode);
		inode_put(&tmp->parent->inode);
		tmp->parent = dir;
	}
	tmp_touch(dir, true);
	tmp_touch(tmp, false);
}

static int64_t tmp_exchange(const struct path_end *from, struct inode *inode,
                            const struct path_end *to, struct inode *other)
{
	struct tmp_entry *a, *b;

	a = entry_find(tmp_of(from->directory), from->name, from->size);
	b = entry_find(tmp_of(to->directory), to->name, to->size);
	entry_set(a, tmp_of(other));
	entry_set(b, tmp_of(inode));
	return 0;
}

// Step by step upwards: each may have been all that kept its parent.
static void tmp_directory_release(struct inode *inode)
{
	struct inode *parent;

	do {
		parent = &tmp_of(inode)->parent->inode;
		tmp_release(inode);
		inode = parent;
	} while (--parent->refs == 0);
}

const struct inode_ops tmp_directory_ops = {
	.lookup = tmp_lookup,
	.list = tmp_list,
	.create = tmp_create,
	.symlink = tmp_symlink,
	.link = tmp_link,
	.unlink = tmp_unlink,
	.rename = tmp_rename,
	.exchange = tmp_exchange,
	.change = tmp_change,
	.stat = tmp_stat,
	.statfs = tmp_statfs,
	.home = tmp_home,
	.writable = true,
	.release = tmp_directory_release,
};

// ---- links and FIFOs ----

static int64_t tmp_readlink(struct inode *link, char *to)
{
	memcpy(to, tmp_of(link)->target, link->size);
	return 0;
}

static void tmp_link_release(struct inode *inode)
{
	kfree(tmp_of(inode)->target);
	tmp_release(inode);
}

const struct inode_ops tmp_link_ops = {
	.readlink = tmp_readlink,
	.change = tmp_change,
	.stat = tmp_stat,
	.statfs = tmp_statfs,
	.home = tmp_home,
	.writable = true,
	.release = tmp_link_release,
};

const struct inode_ops tmp_fifo_ops = {
	.open = fifo_open,
	.change = tmp_change,
	.stat = tmp_stat,
	.statfs = tmp_statfs,
	.home = tmp_home,
	.writable = true,
	.release = tmp_release,
};
