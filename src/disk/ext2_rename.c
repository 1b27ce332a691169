// Renaming: one change of up to two directories, the file, and what it takes
// the place of.
#include "disk/ext2_directory.h"
#include "disk/ext2_inode.h"
#include "disk/ext2_name.h"
#include "disk/ext2_orphan.h"
#include "lib/errno.h"

struct renaming {
	struct ext2 *fs;
	struct ext2_inode *from, *to; // directories
	const char *name, *to_name;
	size_t size, to_size;
	struct ext2_inode *file;
	struct ext2_inode *over; // NULL: nothing has the new name
	struct ext2_place place; // of the new name, if there is one
	bool orphan;
	bool exchange;
};

static bool is_directory(const struct ext2_inode *e)
{
	return inode_is(&e->inode, S_IFDIR);
}

// Of a directory: it and ".." of it.
static int64_t parent_of(struct ext2_inode *dir, struct ext2_place *place)
{
	return ext2_entry_find(dir, "..", 2, place);
}

// Whether `dir` lies below `above`, or is it.  Parents are followed as many
// times as there can be directories.
static int64_t lies_below(struct ext2 *fs, struct ext2_inode *dir,
                          const struct ext2_inode *above)
{
	uint32_t steps = fs->super->inodes;
	int64_t err = 0;

	inode_get(&dir->inode);
	while (!err && dir != above && dir->inode.ino != EXT2_ROOT_INODE) {
		struct ext2_inode *up;
		struct ext2_place place;

		err = steps-- ? parent_of(dir, &place)
		              : ext2_corrupt(fs, "ring of directories", 0);
		if (!err)
			err = ext2_inode_get(fs, place.entry->inode, false,
			                     &up);
		if (!err && !is_directory(up)) {
			inode_put(&up->inode);
			err = ext2_corrupt(fs, "parent of directory",
			                   dir->inode.ino);
		}
		if (err)
			break;
		inode_put(&dir->inode);
		dir = up;
	}
	if (!err && dir == above)
		err = -EINVAL;
	inode_put(&dir->inode);
	return err;
}

// What may be put in whose place.
static int64_t check_over(const struct renaming *r)
{
	if (r->over == NULL)
		return 0;
	if (is_directory(r->file) && !is_directory(r->over))
		return -ENOTDIR;
	if (!is_directory(r->file) && is_directory(r->over))
		return -EISDIR;
	return is_directory(r->over) ? ext2_directory_empty(r->over) : 0;
}

static int64_t check(const struct renaming *r)
{
	int64_t err = check_over(r);

	if (!err && r->to->raw->links == 0)
		err = -ENOENT;
	if (err || !is_directory(r->file) || r->from == r->to)
		return err;
	if (!r->over && r->to->raw->links >= EXT2_LINKS_MOST)
		return -EMLINK;
	return lies_below(r->fs, r->to, r->file);
}

// ---- the change ----

// The new name is the file's: an entry that is there gets another number, so
// that at every moment the name is one or the other.
static int64_t set_new(struct renaming *r)
{
	uint32_t ino = r->file->inode.ino, mode = r->file->inode.mode;

	if (r->over)
		return ext2_entry_set(r->to, &r->place, ino, mode);
	return ext2_entry_add(r->to, r->to_name, r->to_size, ino, mode);
}

// The entry may have moved when the new one was put in the same block.
static int64_t remove_old(struct renaming *r)
{
	struct ext2_place place;
	int64_t err = ext2_entry_find(r->from, r->name, r->size, &place);

	return err ? err : ext2_entry_remove(r->from, &place);
}

static int64_t drop_over(struct renaming *r)
{
	struct ext2_inode *e = r->over;
	int64_t err = ext2_change_inode(e);

	if (err)
		return err;
	ext2_touch(e, false);
	if (is_directory(e)) {
		e->raw->links = 0;
		r->to->raw->links--;
	} else if (e->raw->links) {
		e->raw->links--;
	}
	r->orphan = e->raw->links == 0 && list_empty(&e->orphan);
	return r->orphan ? ext2_orphan_add(e) : 0;
}

// A directory that moves to another one has another parent.
static int64_t move_directory(struct ext2_inode *e, struct ext2_inode *from,
                              struct ext2_inode *to)
{
	struct ext2_place dots;
	int64_t err;

	if (!is_directory(e) || from == to)
		return 0;
	err = parent_of(e, &dots);
	if (!err)
		err = ext2_entry_set(e, &dots, to->inode.ino, S_IFDIR);
	if (err)
		return err;
	from->raw->links--;
	to->raw->links++;
	return 0;
}

static int64_t exchange(struct renaming *r);

static int64_t change(struct renaming *r)
{
	int64_t err = ext2_change_inode(r->from);

	if (!err)
		err = ext2_change_inode(r->to);
	if (!err)
		err = ext2_change_inode(r->file);
	if (err)
		return err;
	ext2_touch(r->from, true);
	ext2_touch(r->to, true);
	ext2_touch(r->file, false);
	if (r->exchange)
		return exchange(r);
	err = set_new(r);
	if (!err)
		err = remove_old(r);
	if (!err && r->over)
		err = drop_over(r);
	if (!err)
		err = move_directory(r->file, r->from, r->to);
	return err;
}

// ---- the exchange ----

static int64_t check_exchange(const struct renaming *r)
{
	const struct ext2_inode *gains =
		is_directory(r->file) ? r->to : r->from;
	int64_t err = 0;

	if (r->from == r->to)
		return 0;
	if (is_directory(r->file) != is_directory(r->over) &&
	    gains->raw->links >= EXT2_LINKS_MOST)
		return -EMLINK;
	if (is_directory(r->file))
		err = lies_below(r->fs, r->to, r->file);
	if (!err && is_directory(r->over))
		err = lies_below(r->fs, r->from, r->over);
	return err;
}

// Both names stay where they are, and each leads to the other's file.
static int64_t exchange(struct renaming *r)
{
	struct ext2_inode *file = r->file, *over = r->over;
	struct ext2_place place;
	int64_t err = ext2_entry_find(r->from, r->name, r->size, &place);

	if (!err)
		err = ext2_entry_set(r->from, &place, over->inode.ino,
		                     over->inode.mode);
	if (!err)
		err = ext2_entry_set(r->to, &r->place, file->inode.ino,
		                     file->inode.mode);
	if (!err)
		err = move_directory(file, r->from, r->to);
	if (!err)
		err = ext2_change_inode(over);
	if (!err)
		ext2_touch(over, false);
	return err ? err : move_directory(over, r->to, r->from);
}

static int64_t rename_found(struct renaming *r, unsigned flags)
{
	int64_t err;

	if (r->over && (flags & EXT2_NOREPLACE))
		return -EEXIST;
	if (r->over == NULL && r->exchange)
		return -ENOENT;
	if (r->over == r->file) // two names of one file: both stay
		return 0;
	err = r->exchange ? check_exchange(r) : check(r);
	if (!err)
		err = journal_begin(&r->fs->journal, JOURNAL_CREDITS);
	if (err)
		return err;
	err = change(r);
	err = ext2_end(r->fs, err, r->from, r->to);
	ext2_after(r->file, err);
	ext2_after(r->over, err);
	if (!err && r->orphan)
		ext2_orphan_added(r->over);
	return err;
}

// Finds what has the new name, if anything.
static int64_t find_over(struct renaming *r)
{
	struct ext2_inode *e;
	int64_t err = ext2_entry_find(r->to, r->to_name, r->to_size, &r->place);

	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	cache_hold(r->place.page);
	err = ext2_inode_get(r->fs, r->place.entry->inode, false, &e);
	if (err)
		cache_release(r->place.page);
	else
		r->over = e;
	return err;
}

int64_t ext2_rename(struct inode *dir, const char *name, size_t size,
                    struct inode *to, const char *to_name, size_t to_size,
                    unsigned flags)
{
	struct renaming r = {
		.fs = ext2_of(dir)->fs,
		.from = ext2_of(dir),
		.to = ext2_of(to),
		.name = name,
		.size = size,
		.to_name = to_name,
		.to_size = to_size,
		.exchange = flags & EXT2_EXCHANGE,
	};
	struct inode *file;
	int64_t err;

	if (flags > EXT2_EXCHANGE) // both make no sense
		return -EINVAL;
	if (to_size > NAME_LONGEST)
		return -ENAMETOOLONG;
	err = ext2_lookup(dir, name, size, &file);
	if (err)
		return err;
	r.file = ext2_of(file);
	err = find_over(&r);
	if (!err)
		err = rename_found(&r, flags);
	if (r.over) {
		cache_release(r.place.page);
		inode_put(&r.over->inode);
	}
	inode_put(file);
	return err;
}
