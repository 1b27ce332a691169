#include "files.h"
#include "lib/errno.h"
#include <stdlib.h>
#include <string.h>

struct taking {
	struct snapshot *snapshot;
	const char *path;
};

static void take(struct snapshot *s, const char *path);

static void take_child(void *arg, const char *name, size_t size)
{
	struct taking *t = arg;
	char path[800];

	snprintf(path, sizeof path, "%s/%.*s", t->path, (int)size, name);
	take(t->snapshot, path);
}

static struct item *item_new(struct snapshot *s)
{
	if (s->count == s->room) {
		s->room = s->room * 2 + 16;
		s->items = realloc(s->items, s->room * sizeof *s->items);
	}
	return memset(&s->items[s->count++], 0, sizeof *s->items);
}

static void take(struct snapshot *s, const char *path)
{
	struct taking t = { s, path };
	struct inode *inode;
	struct item *item;

	if (s->count > 5000 || strlen(path) > 500)
		s->error = -ELOOP;
	inode = s->error ? NULL : find_path(path, &s->error);
	if (inode == NULL)
		return;
	item = item_new(s);
	snprintf(item->path, sizeof item->path, "%s", path);
	item->mode = inode->mode;
	item->links = inode->links;
	item->ino = inode->ino;
	item->size = inode->size;
	if (inode_is(inode, S_IFDIR)) {
		int64_t err = each_name(inode, take_child, &t);

		if (err)
			s->error = err;
	} else if (inode->size < 1 << 23) {
		item->bytes = calloc(1, inode->size + 1);
		if (inode_bytes(inode, 0, item->bytes, inode->size) !=
		    (int64_t)inode->size)
			s->error = -EIO;
	}
	inode_put(inode);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->path,
	              ((const struct item *)b)->path);
}

void snapshot_take(struct snapshot *s)
{
	memset(s, 0, sizeof *s);
	take(s, "");
	qsort(s->items, s->count, sizeof *s->items, by_path);
}

void snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->items[i].bytes);
	free(s->items);
	memset(s, 0, sizeof *s);
}

const struct item *snapshot_find(const struct snapshot *s, const char *path)
{
	size_t from = 0, to = s->count;

	while (from < to) {
		size_t middle = (from + to) / 2;
		int order = strcmp(s->items[middle].path, path);

		if (order == 0)
			return &s->items[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
