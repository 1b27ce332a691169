#include "disk/ext2_name.h"
#include "disk/ext2_alloc.h"
#include "disk/ext2_directory.h"
#include "disk/ext2_file.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_orphan.h"
#include "lib/errno.h"
#include "lib/string.h"

static bool is_directory(const struct ext2_inode *e)
{
	return inode_is(&e->inode, S_IFDIR);
}

// A name can be made in the directory: it still is one, and has it not.
static int64_t name_free(struct ext2_inode *dir, const char *name, size_t size)
{
	struct ext2_place place;
	int64_t err;

	if (dir->raw->links == 0)
		return -ENOENT;
	if (size > NAME_LONGEST)
		return -ENAMETOOLONG;
	err = ext2_entry_find(dir, name, size, &place);
	return err == -ENOENT ? 0 : err ? err : -EEXIST;
}

// The name, and the inode that it is of, with a reference.
static int64_t name_get(struct ext2_inode *dir, const char *name, size_t size,
                        struct ext2_place *place, struct ext2_inode **out)
{
	int64_t err = ext2_entry_find(dir, name, size, place);

	if (err)
		return err;
	// The page is used again after others were asked for.
	cache_hold(place->page);
	err = ext2_inode_get(dir->fs, place->entry->inode, false, out);
	if (err)
		cache_release(place->page);
	return err;
}

static void name_put(struct ext2_place *place, struct ext2_inode *e)
{
	cache_release(place->page);
	inode_put(&e->inode);
}

// A change of the directory, with its times.
static int64_t change_directory(struct ext2_inode *dir)
{
	int64_t err = ext2_change_inode(dir);

	if (!err)
		ext2_touch(dir, true);
	return err;
}

// One name less.  Without any it is an orphan until nobody has it open.
static int64_t drop_link(struct ext2_inode *e, bool *orphan)
{
	int64_t err = ext2_change_inode(e);

	*orphan = false;
	if (err)
		return err;
	ext2_touch(e, false);
	if (is_directory(e))
		e->raw->links = 0; // "." and the name go together
	else if (e->raw->links)
		e->raw->links--;
	*orphan = e->raw->links == 0 && list_empty(&e->orphan);
	return *orphan ? ext2_orphan_add(e) : 0;
}

// ---- new names ----

static void fill_raw(struct ext2_inode *e, const struct ext2_new *what)
{
	struct ext2_raw *raw = e->raw;

	raw->uid = what->uid;
	raw->uid_high = what->uid >> 16;
	raw->gid = what->gid;
	raw->gid_high = what->gid >> 16;
	raw->links = (what->mode & S_IFMT) == S_IFDIR ? 2 : 1;
	ext2_touch(e, true);
	raw->atime = raw->mtime;
	if (raw->extra_size)
		raw->born = raw->mtime;
	if (what->rdev && what->rdev < 0x10000)
		raw->block[0] = what->rdev;
	else if (what->rdev)
		raw->block[1] = what->rdev;
}

// A short target lies in the inode itself.
static int64_t fill_link(struct ext2_inode *e, const struct ext2_new *what)
{
	ext2_set_size(e, what->target_size);
	if (what->target_size >= sizeof e->raw->block)
		return ext2_write_link(e, what->target, what->target_size);
	memcpy(e->raw->block, what->target, what->target_size);
	return 0;
}

static int64_t fill(struct ext2_inode *e, struct ext2_inode *dir,
                    const struct ext2_new *what)
{
	int64_t err = 0;

	fill_raw(e, what);
	e->goal = 0;
	if ((what->mode & S_IFMT) == S_IFLNK)
		err = fill_link(e, what);
	if ((what->mode & S_IFMT) != S_IFDIR)
		return err;
	err = ext2_directory_new(e, dir->inode.ino);
	dir->raw->links++;
	return err;
}

static int64_t create(struct ext2_inode *dir, const char *name, size_t size,
                      const struct ext2_new *what, struct ext2_inode **out)
{
	bool directory = (what->mode & S_IFMT) == S_IFDIR;
	uint32_t ino;
	int64_t err = change_directory(dir);

	if (!err)
		err = ext2_ino_alloc(dir->fs, dir->inode.ino, directory, &ino);
	if (!err)
		err = ext2_inode_new(dir->fs, ino, what->mode, out);
	if (!err)
		err = fill(*out, dir, what);
	if (!err)
		err = ext2_entry_add(dir, name, size, ino, what->mode);
	return err;
}

int64_t ext2_create(struct inode *inode, const char *name, size_t size,
                    const struct ext2_new *what, struct inode **out)
{
	struct ext2_inode *dir = ext2_of(inode), *e = NULL;
	bool directory = (what->mode & S_IFMT) == S_IFDIR;
	int64_t err = name_free(dir, name, size);

	if (!err && what->target_size >= dir->fs->block_size)
		err = -ENAMETOOLONG;
	if (!err && directory && dir->raw->links >= EXT2_LINKS_MOST)
		err = -EMLINK;
	if (!err)
		err = journal_begin(&dir->fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	err = create(dir, name, size, what, &e);
	err = ext2_end(dir->fs, err, dir, err ? NULL : e);
	if (err && e) {
		ext2_inode_unmake(e);
	} else if (!err && out) {
		*out = &e->inode;
	} else if (!err) {
		inode_put(&e->inode);
	}
	return err;
}

static int64_t add_link(struct ext2_inode *e, struct ext2_inode *dir,
                        const char *name, size_t size)
{
	int64_t err = change_directory(dir);

	if (!err)
		err = ext2_change_inode(e);
	if (err)
		return err;
	e->raw->links++;
	ext2_touch(e, false);
	return ext2_entry_add(dir, name, size, e->inode.ino, e->inode.mode);
}

int64_t ext2_link(struct inode *inode, struct inode *in, const char *name,
                  size_t size)
{
	struct ext2_inode *e = ext2_of(inode), *dir = ext2_of(in);
	int64_t err;

	if (is_directory(e))
		return -EPERM;
	err = name_free(dir, name, size);
	if (!err && e->raw->links == 0)
		return -ENOENT;
	if (!err && e->raw->links >= EXT2_LINKS_MOST)
		return -EMLINK;
	if (!err)
		err = journal_begin(&e->fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	err = add_link(e, dir, name, size);
	return ext2_end(e->fs, err, e, dir);
}

// ---- names that go ----

static int64_t remove(struct ext2_inode *dir, struct ext2_place *place,
                      struct ext2_inode *e, bool *orphan)
{
	int64_t err = change_directory(dir);

	if (!err)
		err = ext2_entry_remove(dir, place);
	if (!err && is_directory(e))
		dir->raw->links--;
	return err ? err : drop_link(e, orphan);
}

static int64_t unname(struct ext2_inode *dir, struct ext2_place *place,
                      struct ext2_inode *e)
{
	bool orphan = false;
	int64_t err = journal_begin(&dir->fs->journal, JOURNAL_CREDITS);

	if (err)
		return err;
	err = remove(dir, place, e, &orphan);
	err = ext2_end(dir->fs, err, dir, e);
	if (!err && orphan)
		ext2_orphan_added(e);
	return err;
}

int64_t ext2_unlink(struct inode *in, const char *name, size_t size)
{
	struct ext2_inode *dir = ext2_of(in), *e;
	struct ext2_place place;
	int64_t err = name_get(dir, name, size, &place, &e);

	if (err)
		return err;
	err = is_directory(e) ? -EISDIR : unname(dir, &place, e);
	name_put(&place, e);
	return err;
}

int64_t ext2_rmdir(struct inode *in, const char *name, size_t size)
{
	struct ext2_inode *dir = ext2_of(in), *e;
	struct ext2_place place;
	int64_t err = name_get(dir, name, size, &place, &e);

	if (err)
		return err;
	err = is_directory(e) ? ext2_directory_empty(e) : -ENOTDIR;
	if (!err && e == dir)
		err = -EINVAL; // "."
	if (!err)
		err = unname(dir, &place, e);
	name_put(&place, e);
	return err;
}
