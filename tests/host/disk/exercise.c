// usage: exercise IMAGE [-s SEED] [-n OPERATIONS] [-r N] [-w N] [-m N] [-l N]
// Random operations on files, names and directories, compared with a model in
// memory; every so often the file system is mounted anew, the image checked.
//   -r -w   every n-th read or write of the disk fails
//   -m      every n-th allocation fails
//   -l      so many pages of memory are all there is
// With failures the model ends at the first of them: then nothing may break.
#include "check.h"
#include "disk/cache.h"
#include "disk/ext2_index.h"
#include "disk/writeback.h"
#include "files.h"
#include "lib/errno.h"
#include <stdlib.h>
#include <string.h>

#define DIRECTORIES 5 // of which the first is the root
#define NAMES 8 // in each
#define LONGEST 300000

struct node {
	unsigned links;
	bool link;
	size_t size;
	uint8_t *bytes;
};

static struct node *names[DIRECTORIES][NAMES];
static bool there[DIRECTORIES] = { true };
static struct disk disk;
static bool failing; // errors are expected: nothing is compared
static unsigned operation, wrong;

// A full disk is no mistake; what it did not do is not in the model.
static void expect(const char *what, const char *path, long got, long want)
{
	if (failing || got == want)
		return;
	printf("operation %u: %s %s: %ld, not %ld\n", operation, what, path,
	       got, want);
	wrong++;
}

static char *path_of(unsigned d, unsigned n)
{
	static char paths[4][300];
	static unsigned next;
	char *path = paths[next++ % 4];

	// Some names are long, so that directories grow.
	if (n == NAMES - 1)
		sprintf(path, "%s%u/%0240u", d ? "d" : "", d, n);
	else
		sprintf(path, "%s%u/f%u", d ? "d" : "", d, n);
	return d ? path : strchr(path, '/') + 1;
}

// ---- the model ----

static void node_drop(struct node **at)
{
	struct node *node = *at;

	*at = NULL;
	if (node && --node->links == 0) {
		free(node->bytes);
		free(node);
	}
}

static struct node *node_new(void)
{
	struct node *node = calloc(1, sizeof *node);

	node->bytes = calloc(1, LONGEST);
	node->links = 1;
	return node;
}

static bool empty(unsigned d)
{
	for (unsigned n = 0; n < NAMES; n++)
		if (names[d][n])
			return false;
	return true;
}

// ---- operations ----

static void op_create(unsigned d, unsigned n)
{
	char *path = path_of(d, n);
	int64_t err = do_create(path, S_IFREG | 0644);

	if (!there[d])
		expect("create", path, err, -ENOENT);
	else if (names[d][n])
		expect("create", path, err, -EEXIST);
	else if (err == 0 && !names[d][n])
		names[d][n] = node_new();
	else if (err != -ENOSPC)
		expect("create", path, err, 0);
}

static void op_symlink(unsigned d, unsigned n)
{
	char *path = path_of(d, n), target[200];
	size_t size = 1 + chance(199);
	int64_t err;

	memset(target, 'a' + chance(26), size - 1);
	target[size - 1] = 0;
	if (size == 1 || !there[d] || names[d][n])
		return;
	err = do_symlink(target, path);
	if (err == -ENOSPC)
		return;
	expect("symlink", path, err, 0);
	if (err)
		return;
	names[d][n] = node_new();
	names[d][n]->link = true;
	names[d][n]->size = size - 1;
	memcpy(names[d][n]->bytes, target, size);
}

static void op_unlink(unsigned d, unsigned n)
{
	char *path = path_of(d, n);
	int64_t err = do_unlink(path);

	expect("unlink", path, err, names[d][n] && there[d] ? 0 : -ENOENT);
	if (!err)
		node_drop(&names[d][n]);
}

static void op_mkdir(unsigned d)
{
	char path[8];
	int64_t err;

	sprintf(path, "d%u", d);
	if (d == 0)
		return;
	err = do_mkdir(path);
	if (err == -ENOSPC && !there[d])
		return;
	expect("mkdir", path, err, there[d] ? -EEXIST : 0);
	there[d] |= !err;
}

static void op_rmdir(unsigned d)
{
	char path[8];
	int64_t err;

	sprintf(path, "d%u", d);
	if (d == 0)
		return;
	err = do_rmdir(path);
	expect("rmdir", path, err,
	       !there[d] ? -ENOENT : empty(d) ? 0 : -ENOTEMPTY);
	there[d] &= err != 0;
}

static void op_rename(unsigned d, unsigned n, unsigned e, unsigned m)
{
	char *from = path_of(d, n), *to = path_of(e, m);
	bool swap = chance(4) == 0;
	int64_t err = do_rename(from, to, swap ? EXT2_EXCHANGE : 0);
	struct node *node = names[d][n];

	if (!there[d] || !there[e] || !node || (swap && !names[e][m])) {
		expect("rename", from, err, -ENOENT);
	} else if (err != -ENOSPC) {
		expect("rename", from, err, 0);
		if (err || names[e][m] == node) // names of one file stay
			return;
		names[d][n] = swap ? names[e][m] : NULL;
		if (!swap)
			node_drop(&names[e][m]);
		names[e][m] = node;
	}
}

static void op_link(unsigned d, unsigned n, unsigned e, unsigned m)
{
	char *from = path_of(d, n), *to = path_of(e, m);
	int64_t err = do_link(from, to);

	if (!there[d] || !names[d][n] || !there[e])
		expect("link", from, err, -ENOENT);
	else if (names[e][m])
		expect("link", to, err, -EEXIST);
	else if (err != -ENOSPC)
		expect("link", from, err, 0);
	if (err || !names[d][n] || names[e][m])
		return;
	names[e][m] = names[d][n];
	names[d][n]->links++;
}

static void op_write(unsigned d, unsigned n)
{
	struct node *node = names[d][n];
	char *path = path_of(d, n);
	uint64_t at = chance(2) ? chance(LONGEST / 2) : chance(9000);
	size_t size = 1 + chance(chance(2) ? LONGEST / 4 : 5000);
	unsigned seed = chance(1000);
	int64_t done;

	if (!node || node->link)
		return;
	done = do_write(path, at, size, seed);
	if (done != (int64_t)size && done != -ENOSPC && !failing &&
	    (done <= 0 || fs->super->free_blocks > 64))
		expect("write", path, done, size);
	for (int64_t i = 0; i < done; i++)
		node->bytes[at + i] = pattern(seed, at + i);
	if (done > 0 && at + done > node->size)
		node->size = at + done;
}

static void op_truncate(unsigned d, unsigned n)
{
	struct node *node = names[d][n];
	uint64_t size = chance(LONGEST);

	if (!node || node->link)
		return;
	expect("truncate", path_of(d, n), do_truncate(path_of(d, n), size), 0);
	if (failing)
		return;
	if (size < node->size)
		memset(node->bytes + size, 0, node->size - size);
	node->size = size;
}

static void look(unsigned d, unsigned n)
{
	static uint8_t bytes[LONGEST];
	char *path = path_of(d, n);
	struct node *node = names[d][n];
	int64_t err, got;
	struct inode *inode = find_path(path, &err);

	if (inode == NULL) {
		expect("lookup", path, err, node && there[d] ? 0 : -ENOENT);
		return;
	}
	got = inode_bytes(inode, 0, bytes, sizeof bytes);
	if (node == NULL)
		expect("lookup", path, 0, -ENOENT);
	else
		expect("size", path, got, node->size);
	if (node && got > 0)
		expect("bytes", path, memcmp(bytes, node->bytes, got) != 0, 0);
	if (node)
		expect("links", path, inode->links, node->links);
	inode_put(inode);
}

static void look_at_all(void)
{
	for (unsigned d = 0; d < DIRECTORIES; d++)
		for (unsigned n = 0; n < NAMES; n++)
			if (there[d])
				look(d, n);
}

// ---- the whole ----

static void check(void)
{
	const char *fault =
		check_image(disk.bytes, disk.device.sectors * BLOCK_SECTOR);

	if (fault) {
		printf("operation %u: %s\n", operation, fault);
		wrong++;
	}
}

static void remount(void)
{
	if (do_unmount()) {
		printf("operation %u: not unmounted\n", operation);
		exit(1);
	}
	if (!failing)
		check();
	if (do_mount(&disk)) {
		if (!failing) {
			printf("operation %u: not mounted\n", operation);
			exit(1);
		}
		disk.fail_reads = disk.fail_writes = memory_fails = 0;
		if (do_mount(&disk))
			exit(1);
	}
	if (!failing)
		look_at_all();
}

static void turn(void)
{
	unsigned d = chance(DIRECTORIES), n = chance(NAMES);
	unsigned e = chance(DIRECTORIES), m = chance(NAMES);

	switch (chance(24)) {
	case 0 ... 3:
		op_create(d, n);
		break;
	case 4 ... 5:
		op_unlink(d, n);
		break;
	case 6:
		op_mkdir(d);
		break;
	case 7:
		op_rmdir(d);
		break;
	case 8 ... 9:
		op_rename(d, n, e, m);
		break;
	case 10:
		op_link(d, n, e, m);
		break;
	case 11:
		op_symlink(d, n);
		break;
	case 12 ... 16:
		op_write(d, n);
		break;
	case 17 ... 18:
		op_truncate(d, n);
		break;
	case 19 ... 21:
		look(d, n);
		break;
	case 22:
		chance(4) ? time_pass(chance(5)) : (void)do_sync();
		break;
	case 23:
		if (chance(40) == 0)
			remount();
		ext2_index_reclaim(chance(2));
	}
}

int main(int argc, char **argv)
{
	unsigned long count = 10000, seed = 1, reads = 0, writes = 0, m = 0;
	uint8_t *image;
	size_t size;

	if (argc < 2)
		return 2;
	for (int i = 2; i + 1 < argc; i += 2) {
		unsigned long value = strtoul(argv[i + 1], NULL, 0);

		switch (argv[i][1]) {
		case 's': seed = value; break;
		case 'n': count = value; break;
		case 'r': reads = value; break;
		case 'w': writes = value; break;
		case 'm': m = value; break;
		case 'l': memory_pages = value;
		}
	}
	seed_chance(seed);
	cache_init(1024);
	writeback_init(400);
	image = image_read(argv[1], &size);
	disk_open(&disk, image, size);
	disk.deferred = true;
	free(image);
	if (do_mount(&disk))
		return 1;
	failing = quiet = reads || writes || m;
	disk.fail_reads = reads;
	disk.fail_writes = writes;
	memory_fails = m;
	for (operation = 0; operation < count && wrong < 5; operation++)
		turn();
	disk.fail_reads = disk.fail_writes = memory_fails = 0;
	remount();
	remount(); // after failures: replayed, orphans and all
	if (do_unmount())
		return 1;
	check();
	for (unsigned i = 0; i < DIRECTORIES * NAMES; i++)
		node_drop(&names[i / NAMES][i % NAMES]);
	printf("seed %lu: %lu operations, %lu blocks of memory kept, %u "
	       "faults\n", seed, count, memory_blocks, wrong);
	disk_close(&disk);
	return wrong != 0;
}
