#include "files/rename.h"
#include "files/mount.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/syscall.h"

enum { RENAME_NOREPLACE = 1, RENAME_EXCHANGE = 2 };

// Whether a directory is the other one, or lies somewhere in it: 0, 1, or an
// error.
static int64_t lies_in(struct inode *directory, const struct inode *other)
{
	struct inode *at = directory, *parent;
	int64_t result = at == other;

	inode_get(at);
	while (!result) {
		result = at->ops->lookup(at, "..", 2, &parent);
		if (result)
			break;
		inode_put(at);
		if (parent == at) // the root
			break;
		at = parent;
		result = at == other;
	}
	inode_put(at);
	return result;
}

// Whether it may take the place of what is there.
static int64_t victim_check(const struct inode *inode,
                            const struct inode *victim, uint32_t flags)
{
	bool directory = inode_is(inode, S_IFDIR);

	if (flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (mount_is_root(victim))
		return -EBUSY;
	if (directory && !inode_is(victim, S_IFDIR))
		return -ENOTDIR;
	return !directory && inode_is(victim, S_IFDIR) ? -EISDIR : 0;
}

// Whether it may get a name in the directory.
static int64_t side_check(const struct inode *inode, struct inode *to)
{
	int64_t inside = inode_is(inode, S_IFDIR) ? lies_in(to, inode) : 0;

	if (inside)
		return inside < 0 ? inside : -EINVAL;
	return mount_is_root(inode) ? -EBUSY : 0;
}

static int64_t rename_check(const struct path_end *from,
                            const struct inode *inode,
                            const struct path_end *to)
{
	bool directory = inode_is(inode, S_IFDIR);
	int64_t err = side_check(inode, to->directory);

	if (err)
		return err;
	if (!directory && (from->slash || to->slash))
		return -ENOTDIR;
	return to->directory->ops->rename ? 0 : -EROFS;
}

// What has the new name goes to the old one: it is looked at from both sides.
static int64_t exchange(const struct path_end *from, struct inode *inode,
                        const struct path_end *to, struct inode *other)
{
	int64_t err = other ? 0 : -ENOENT;

	if (!err && to->slash && !inode_is(other, S_IFDIR))
		err = -ENOTDIR;
	if (!err && from->slash && !inode_is(inode, S_IFDIR))
		err = -ENOTDIR;
	if (!err)
		err = side_check(inode, to->directory);
	if (!err)
		err = side_check(other, from->directory);
	if (err || other == inode)
		return err;
	if (to->directory->ops->exchange == NULL)
		return -EROFS;
	return to->directory->ops->exchange(from, inode, to, other);
}

// Two names of the same file stay as they are.
static int64_t rename_to(const struct path_end *from, struct inode *inode,
                         const struct path_end *to, uint32_t flags)
{
	struct inode *victim;
	int64_t err = path_step(to->directory, to->name, to->size, &victim);

	if (err && err != -ENOENT)
		return err;
	if (err)
		victim = NULL;
	if (flags & RENAME_EXCHANGE) {
		err = exchange(from, inode, to, victim);
		if (victim)
			inode_put(victim);
		return err;
	}
	err = victim ? victim_check(inode, victim, flags) : 0;
	if (!err)
		err = rename_check(from, inode, to);
	if (!err && victim != inode)
		err = to->directory->ops->rename(from, inode, to, victim);
	if (victim)
		inode_put(victim);
	return err;
}

static int64_t rename_ends(const struct path_end *from,
                           const struct path_end *to, uint32_t flags)
{
	struct inode *inode;
	int64_t err;

	if (path_is_special(from))
		return -EBUSY;
	if (path_is_special(to))
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (from->directory->device != to->directory->device)
		return -EXDEV;
	err = path_step(from->directory, from->name, from->size, &inode);
	if (err)
		return err;
	err = rename_to(from, inode, to, flags);
	inode_put(inode);
	return err;
}

// The first name is kept apart, for the second walk overwrites it.
static int64_t sys_renameat2(struct call *call)
{
	static char name[NAME_LONGEST + 1];
	struct path_end from, to;
	uint32_t flags = call->arg[4];
	int64_t err;

	if (flags > RENAME_EXCHANGE) // they exclude each other
		return -EINVAL;
	err = path_parent_at(call->process, call->arg[0], call->arg[1], &from);
	if (err)
		return err;
	memcpy(name, from.name, from.size);
	from.name = name;
	err = path_parent_at(call->process, call->arg[2], call->arg[3], &to);
	if (!err) {
		err = rename_ends(&from, &to, flags);
		inode_put(to.directory);
	}
	inode_put(from.directory);
	return err;
}

static const struct syscall rows[] = {
	SYSCALL(276, renameat2, sys_renameat2, "fd path fd path flags"),
};

void rename_init(void)
{
	SYSCALL_REGISTER(rows);
}
