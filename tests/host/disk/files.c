#include "files.h"
#include "disk/ext2_directory.h"
#include "disk/ext2_file.h"
#include "disk/ext2_index.h"
#include "disk/ext2_name.h"
#include "disk/writeback.h"
#include "lib/errno.h"
#include "process/wait.h"
#include <stdlib.h>
#include <string.h>

struct ext2 *fs;

// What is asked, again and again.
static struct {
	struct disk *disk;
	struct inode *inode, *to, *out;
	const char *name, *to_name;
	size_t size, to_size;
	const struct ext2_new *new;
	unsigned flags;
	uint64_t offset;
	void *data;
	entry_sink sink;
	void *arg;
} q;

#define ASK(name, call)                    \
	static int64_t name(void *unused)  \
	{                                  \
		(void)unused;              \
		return call;               \
	}

ASK(ask_mount, ext2_mount(&q.disk->device, false, &fs))
ASK(ask_unmount, ext2_unmount(fs))
static struct sync_goal goal;
ASK(ask_sync, ext2_sync(fs, &goal))
ASK(ask_lookup, ext2_lookup(q.inode, q.name, q.size, &q.out))
ASK(ask_create, ext2_create(q.inode, q.name, q.size, q.new, NULL))
ASK(ask_link, ext2_link(q.to, q.inode, q.name, q.size))
ASK(ask_unlink, ext2_unlink(q.inode, q.name, q.size))
ASK(ask_rmdir, ext2_rmdir(q.inode, q.name, q.size))
ASK(ask_rename, ext2_rename(q.inode, q.name, q.size, q.to, q.to_name, q.to_size,
                            q.flags))
ASK(ask_truncate, ext2_truncate(q.inode, q.offset))
ASK(ask_fsync, ext2_fsync(q.inode, false, &goal))
ASK(ask_write, ext2_write(q.inode, q.offset, q.data, q.size))
ASK(ask_read, ext2_read(q.inode, q.offset, q.data, q.size))
ASK(ask_readlink, ext2_readlink(q.inode, q.data))
ASK(ask_list, ext2_list(q.inode, q.offset, q.sink, q.arg))

static int64_t ask_chmod(void *unused)
{
	struct ext2_attributes to = { .set_mode = true, .mode = q.flags };

	(void)unused;
	return ext2_set(q.inode, &to);
}

int64_t do_mount(struct disk *disk)
{
	fs = NULL;
	q.disk = disk;
	// Small directories with an index, too.
	ext2_index_from = chance(2) ? 0 : 8192;
	return until_done(ask_mount, NULL);
}

int64_t do_unmount(void)
{
	int64_t err = until_done(ask_unmount, NULL);

	if (!err)
		fs = NULL;
	return err;
}

int64_t do_sync(void)
{
	goal = (struct sync_goal){ 0 };
	return until_done(ask_sync, NULL);
}

void begin_commit(void)
{
	if (fs->journal.running)
		journal_ask(&fs->journal, fs->journal.running->tid);
	if (chance(2))
		writeback_kick();
}

// ---- paths ----

struct inode *find_path(const char *path, int64_t *err)
{
	struct inode *at = fs->root;

	inode_get(at);
	*err = 0;
	while (!*err && *path) {
		size_t size = strcspn(path, "/");

		q.inode = at;
		q.name = path;
		q.size = size;
		if (size)
			*err = until_done(ask_lookup, NULL);
		if (size && !*err) {
			inode_put(at);
			at = q.out;
		}
		path += size + (path[size] == '/');
	}
	if (*err)
		inode_put(at);
	return *err ? NULL : at;
}

// The directory of the last name, which goes to q.inode and q.name.
static int64_t find_parent(const char *path, struct inode **dir,
                           const char **name)
{
	const char *slash = strrchr(path, '/');
	char parent[800];
	int64_t err;

	snprintf(parent, sizeof parent, "%.*s",
	         slash ? (int)(slash - path) : 0, path);
	*dir = find_path(parent, &err);
	*name = slash ? slash + 1 : path;
	return err;
}

static int64_t at_name(const char *path, int64_t (*ask)(void *))
{
	struct inode *dir;
	const char *name;
	int64_t err = find_parent(path, &dir, &name);

	if (err)
		return err;
	q.inode = dir;
	q.name = name;
	q.size = strlen(name);
	err = until_done(ask, NULL);
	inode_put(dir);
	return err;
}

static int64_t at_inode(const char *path, int64_t (*ask)(void *))
{
	int64_t err;
	struct inode *inode = find_path(path, &err);

	if (err)
		return err;
	q.inode = inode;
	err = until_done(ask, NULL);
	inode_put(inode);
	return err;
}

int64_t do_create(const char *path, uint32_t mode)
{
	struct ext2_new new = { .mode = mode };

	q.new = &new;
	return at_name(path, ask_create);
}

int64_t do_mkdir(const char *path)
{
	return do_create(path, S_IFDIR | 0755);
}

int64_t do_symlink(const char *target, const char *path)
{
	struct ext2_new new = { .mode = S_IFLNK | 0777,
		                .target = target,
		                .target_size = strlen(target) };

	q.new = &new;
	return at_name(path, ask_create);
}

int64_t do_link(const char *path, const char *to)
{
	int64_t err;
	struct inode *inode = find_path(path, &err);

	if (err)
		return err;
	q.to = inode;
	err = at_name(to, ask_link);
	inode_put(inode);
	return err;
}

int64_t do_unlink(const char *path)
{
	return at_name(path, ask_unlink);
}

int64_t do_rmdir(const char *path)
{
	return at_name(path, ask_rmdir);
}

int64_t do_rename(const char *path, const char *to, unsigned flags)
{
	struct inode *dir;
	const char *name;
	int64_t err = find_parent(to, &dir, &name);

	if (err)
		return err;
	q.to = dir;
	q.to_name = name;
	q.to_size = strlen(name);
	q.flags = flags;
	err = at_name(path, ask_rename);
	inode_put(dir);
	return err;
}

// As the calls do, which know that a directory has no bytes.
static int64_t ask_truncate_file(void *unused)
{
	return inode_is(q.inode, S_IFDIR) ? -EISDIR : ask_truncate(unused);
}

int64_t do_truncate(const char *path, uint64_t size)
{
	q.offset = size;
	return at_inode(path, ask_truncate_file);
}

int64_t do_chmod(const char *path, uint32_t mode)
{
	q.flags = mode;
	return at_inode(path, ask_chmod);
}

int64_t do_fsync(const char *path)
{
	goal = (struct sync_goal){ 0 };
	return at_inode(path, ask_fsync);
}

// ---- bytes ----

int64_t inode_write(struct inode *inode, uint64_t offset, const void *from,
                    size_t size)
{
	size_t done = 0;

	while (done < size) {
		int64_t n;

		q.inode = inode;
		q.offset = offset + done;
		q.data = (char *)from + done;
		q.size = size - done;
		n = until_done(ask_write, NULL);
		if (n < 0)
			return done ? (int64_t)done : n;
		done += n;
	}
	return done;
}

int64_t inode_bytes(struct inode *inode, uint64_t offset, void *to,
                    size_t size)
{
	q.inode = inode;
	q.offset = offset;
	q.data = to;
	q.size = size;
	if (inode_is(inode, S_IFLNK)) {
		int64_t err = until_done(ask_readlink, NULL);

		return err ? err : (int64_t)inode->size;
	}
	return until_done(ask_read, NULL);
}

uint8_t pattern(unsigned seed, uint64_t at)
{
	return 1 + (seed * 37 + at * 7 + at / 251) % 255;
}

int64_t do_write(const char *path, uint64_t offset, size_t size, unsigned seed)
{
	int64_t err;
	struct inode *inode = find_path(path, &err);
	uint8_t *bytes;

	if (!err && inode_is(inode, S_IFDIR)) {
		inode_put(inode);
		err = -EISDIR;
	}
	if (err)
		return err;
	bytes = malloc(size);
	for (size_t i = 0; i < size; i++)
		bytes[i] = pattern(seed, offset + i);
	err = inode_write(inode, offset, bytes, size);
	free(bytes);
	inode_put(inode);
	return err;
}

// ---- listing ----

struct naming {
	char names[512][260];
	size_t count;
	uint64_t next;
};

static bool name_sink(void *arg, const struct entry *entry)
{
	struct naming *n = arg;

	if (n->count == COUNT(n->names))
		return false;
	memcpy(n->names[n->count], entry->name, entry->size);
	n->names[n->count++][entry->size] = 0;
	n->next = entry->next;
	return true;
}

// A listing that has to wait tells its names anew.
static int64_t ask_names(void *arg)
{
	struct naming *n = arg;

	n->count = 0;
	return ask_list(NULL);
}

int64_t each_name(struct inode *dir,
                  void (*each)(void *arg, const char *name, size_t size),
                  void *arg)
{
	struct naming *n = malloc(sizeof *n);
	int64_t err;

	n->next = 0;
	do {
		q.inode = dir;
		q.offset = n->next;
		q.sink = name_sink;
		q.arg = n;
		err = until_done(ask_names, n);
		for (size_t i = 0; i < n->count && !err; i++)
			if (strcmp(n->names[i], ".") &&
			    strcmp(n->names[i], ".."))
				each(arg, n->names[i], strlen(n->names[i]));
	} while (!err && n->count);
	free(n);
	return err;
}
