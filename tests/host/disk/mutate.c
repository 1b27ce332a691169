// usage: mutate IMAGE [-s SEED] [-n IMAGES]
// Images of ext2 with some bytes of their metadata changed: mounted, walked,
// read, changed and unmounted.  Nothing may panic, loop or be touched out of
// bounds; what comes of the files is not looked at.
#include "disk/cache.h"
#include "disk/ext2_format.h"
#include "disk/writeback.h"
#include "files.h"
#include "lib/errno.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct disk disk;
static uint32_t block_size;
static uint32_t *interesting; // blocks of metadata
static unsigned count, room;
static unsigned long mounts, refused, errors;

static void add(uint32_t block)
{
	if (count == room) {
		room = room * 2 + 64;
		interesting = realloc(interesting, room * sizeof *interesting);
	}
	interesting[count++] = block;
}

// ---- what is worth changing ----

static const void *at(uint32_t block)
{
	return disk.bytes + (size_t)block * block_size;
}

// Entries of three words behind a head of three: a branch has its block in the
// second, a leaf in the third.
static void add_extents(const struct ext2_raw *raw, bool directory)
{
	unsigned entries = raw->block[0] >> 16, depth = raw->block[1] >> 16;

	for (unsigned i = 1; i <= entries && i <= 4; i++)
		if (depth)
			add(raw->block[3 * i + 1]);
		else if (directory)
			add(raw->block[3 * i + 2]);
}

static void add_inode(const struct ext2_raw *raw)
{
	bool directory = (raw->mode & 0170000) == 0040000;

	if (raw->flags & EXT2_FLAG_EXTENTS) {
		add_extents(raw, directory);
		return;
	}
	for (int i = 0; i < EXT2_BLOCKS; i++)
		if (raw->block[i] && (directory || i >= EXT2_DIRECT))
			add(raw->block[i]);
}

static void find_blocks(void)
{
	const struct ext2_super *s = (void *)(disk.bytes + EXT2_SUPER_AT);
	const struct ext2_group *g;
	const char *table;

	block_size = 1024u << s->log_block;
	g = at(s->first_block + 1);
	for (int i = 0; i < 8; i++)
		add(EXT2_SUPER_AT / block_size);
	for (int i = 0; i < 4; i++)
		add(s->first_block + 1);
	add(g->block_bitmap);
	add(g->inode_bitmap);
	table = at(g->inode_table);
	for (int i = 0; i < 12; i++)
		add(g->inode_table + i % 8);
	for (uint32_t i = 0; i < s->inodes_per_group; i++) {
		const struct ext2_raw *raw =
			(const void *)(table + i * s->inode_size);

		if ((raw->mode & 0170000) && raw->links)
			add_inode(raw);
	}
}

// The log and its super block.
static void find_log(void)
{
	for (uint32_t i = 0; i < 40; i++)
		add(fs->journal.map[i]);
}

// ---- changes ----

// Numbers that are seldom right, and blocks that belong to something else.
static uint32_t value(void)
{
	static const uint32_t values[] = { 0, 1, 2, 8, 0x7fffffff, 0xffffffff,
		                           0x80000000, 0xffff, 0x8000 };

	return chance(3) ? values[chance(COUNT(values))]
	                 : interesting[chance(count)];
}

// A block takes the place of another.
static void change_block(void)
{
	size_t to = (size_t)interesting[chance(count)] * block_size;
	size_t from = (size_t)interesting[chance(count)] * block_size;

	if (to == 0 || to == EXT2_SUPER_AT)
		return;
	for (size_t i = 0; i < block_size; i += BLOCK_SECTOR)
		disk_save(&disk, (to + i) / BLOCK_SECTOR);
	memmove(disk.bytes + to, disk.bytes + from, block_size);
}

static void change(void)
{
	uint32_t block = interesting[chance(count)];
	size_t within = chance(2) ? chance(128) : chance(block_size);
	size_t place = (size_t)block * block_size + within;
	uint32_t new = value();
	size_t size = 1ul << chance(3);

	if (chance(40) == 0)
		change_block();
	// The superblock's bytes lie behind the boot sectors.
	if (block == 0)
		place = EXT2_SUPER_AT + within % EXT2_SUPER_AT;
	place &= ~(size - 1);
	disk_save(&disk, place / BLOCK_SECTOR);
	if (chance(2))
		memcpy(disk.bytes + place, &new, size);
	else if (chance(2))
		disk.bytes[place] ^= 1 << chance(8);
	else
		disk.bytes[place] += chance(2) ? 1 : -1;
}

// ---- use ----

// The disk works: an error comes from what makes no sense, so there must have
// been a word of it, and nothing is written any more.
static void told(const char *what, int64_t err)
{
	errors += err == -EIO;
	if (err != -EIO || (fs->why && fs->read_only))
		return;
	fprintf(stderr, "an error without a reason: %s\n", what);
	abort();
}

static int64_t use_one(const char *path, unsigned seed)
{
	switch (chance(11)) {
	case 0:
		return do_unlink(path);
	case 1:
		return do_rmdir(path);
	case 2:
		return do_truncate(path, chance(100000));
	case 3:
		return do_write(path, chance(300000), 1 + chance(9000), seed);
	case 4:
		return do_rename(path, "renamed", 0);
	case 5:
		return do_rename("renamed", path, 0);
	case 6:
		return do_mkdir(chance(2) ? "made" : "a/sub/made");
	case 7:
		return do_create("b/some-new-file", S_IFREG | 0644);
	case 8:
		return do_link(path, "empty/linked");
	case 9:
		return do_symlink(path, "b/to");
	default:
		return do_fsync(path);
	}
}

static void use(void)
{
	struct snapshot all;

	snapshot_take(&all);
	told("look", all.error);
	for (size_t i = 0; i < all.count && i < 60; i++) {
		const char *path = all.items[chance(all.count)].path + 1;

		told(path, use_one(path, i));
		if (chance(6) == 0)
			begin_commit();
	}
	snapshot_free(&all);
	told("sync", do_sync());
}

static void one(void)
{
	unsigned n = 1 + chance(4);

	while (n--)
		change();
	alarm(20); // a loop ends the test
	mounts++;
	disk.deferred = chance(2);
	if (do_mount(&disk)) {
		refused++;
	} else {
		use();
		if (do_unmount())
			abort();
	}
	disk_put_back(&disk);
}

// A disk with files on it, in the state that a power cut leaves.
static void prepare(const char *path, uint64_t seed)
{
	size_t size;
	uint8_t *image = image_read(path, &size);

	disk_open(&disk, image, size);
	if (do_mount(&disk))
		exit(2);
	if (!fs->read_only) {
		find_log();
		prepare_files();
	}
	work();
	if (seed & 1 && do_unmount())
		exit(2);
	if (fs)
		do_sync();
	memcpy(image, disk.bytes, size);
	if (fs)
		do_unmount();
	memcpy(disk.bytes, image, size);
	free(image);
	disk.undoing = true;
	find_blocks();
}

int main(int argc, char **argv)
{
	unsigned long seed = 1, images = 1000;

	if (argc < 2)
		return 2;
	for (int i = 2; i + 1 < argc; i += 2) {
		unsigned long value = strtoul(argv[i + 1], NULL, 0);

		if (argv[i][1] == 's')
			seed = value;
		else
			images = value;
	}
	cache_init(4096);
	writeback_init(24);
	quiet = true;
	prepare(argv[1], seed);
	for (unsigned long i = 0; i < images; i++) {
		seed_chance(seed * 1000003 + i);
		one();
		if (memory_blocks != 1)
			break;
	}
	printf("seed %lu: %lu images, %lu refused, %lu errors, %lu blocks of "
	       "memory kept\n", seed, mounts, refused, errors, memory_blocks);
	free(interesting);
	disk_close(&disk);
	return memory_blocks != 1;
}
