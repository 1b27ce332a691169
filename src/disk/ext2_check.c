#include "disk/ext2_check.h"
#include "lib/errno.h"
#include "lib/print.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct feature {
	uint32_t bit;
	const char *name;
};

// What changes the meaning of what we read (Linux, ext4/super.rst).
static const struct feature refused[] = {
	{ 0x1, "compression" },   { 0x8, "journal_dev" },
	{ 0x10, "meta_bg" },      { 0x100, "mmp" },
	{ 0x400, "ea_inode" },    { 0x1000, "dirdata" },
	{ 0x8000, "inline_data" }, { 0x10000, "encrypt" },
	{ 0x20000, "casefold" },
};

// What we read but do not write.
static const struct feature readable[] = {
	{ EXT2_INCOMPAT_EXTENTS, "extents" },
	{ EXT2_INCOMPAT_64BIT, "64bit" },
	{ EXT2_INCOMPAT_CSUM_SEED, "csum_seed" },
	{ EXT2_INCOMPAT_LARGE_DIR, "large_dir" },
};

#define READABLE                                          \
	(EXT2_INCOMPAT_EXTENTS | EXT2_INCOMPAT_64BIT |    \
	 EXT2_INCOMPAT_CSUM_SEED | EXT2_INCOMPAT_LARGE_DIR)

// What a reader may ignore, checksums of metadata among it.
static const struct feature unwritable[] = {
	{ 0x4, "btree_dir" },     { 0x8, "huge_file" },
	{ 0x10, "uninit_bg" },    { 0x20, "dir_nlink" },
	{ 0x100, "quota" },       { 0x200, "bigalloc" },
	{ 0x400, "metadata_csum" }, { 0x1000, "read-only" },
	{ 0x2000, "project" },    { 0x8000, "verity" },
	{ 0x10000, "orphan_file" },
};

static const char *feature_name(const struct feature *list, size_t count,
                                uint32_t bits)
{
	for (size_t i = 0; i < count; i++)
		if (bits & list[i].bit)
			return list[i].name;
	return "unknown";
}

// Says so once, by the first of them.
static void only_read(struct ext2 *fs, const struct feature *list, size_t count,
                      uint32_t bits)
{
	if (bits && !fs->unsafe)
		kprintf("%s: read-only: feature %s (%x) is not supported\n",
		        fs->name, feature_name(list, count, bits), bits);
	if (bits)
		fs->unsafe = fs->read_only = true;
}

static int check_features(struct ext2 *fs, const struct ext2_super *s)
{
	uint32_t no = s->incompatible &
	              ~(EXT2_INCOMPAT_FILETYPE | EXT2_INCOMPAT_RECOVER |
	                EXT2_INCOMPAT_FLEX | READABLE);
	uint32_t only = s->read_only &
	                ~(EXT2_RO_SPARSE | EXT2_RO_LARGE | EXT2_RO_EXTRA_ISIZE);

	if (no) {
		kprintf("%s: refused: feature %s (%x) is not supported\n",
		        fs->name, feature_name(refused, COUNT(refused), no),
		        no);
		return -EINVAL;
	}
	if (only & 0x200) { // clusters are not blocks
		kprintf("%s: refused: feature bigalloc\n", fs->name);
		return -EINVAL;
	}
	only_read(fs, readable, COUNT(readable), s->incompatible & READABLE);
	only_read(fs, unwritable, COUNT(unwritable), only);
	return 0;
}

static const char *check_numbers(const struct ext2 *fs,
                                 const struct ext2_super *s)
{
	uint32_t size = fs->block_size, most = 8 * size;
	uint64_t bytes = fs->disk.device->sectors * BLOCK_SECTOR;

	if (s->first_block != (size == 1024))
		return "first block";
	if (s->incompatible & EXT2_INCOMPAT_64BIT && s->blocks_high)
		return "number of blocks";
	if (s->blocks <= s->first_block + 8 || s->blocks > bytes / size)
		return "number of blocks";
	if (s->blocks_per_group < 8 || s->blocks_per_group > most)
		return "blocks per group";
	if (s->inodes_per_group < 8 || s->inodes_per_group > most ||
	    s->inodes_per_group % fs->inodes_per_block)
		return "inodes per group";
	if (s->inodes != (uint64_t)fs->groups * s->inodes_per_group)
		return "number of inodes";
	if (s->first_inode < EXT2_OLD_FIRST_INODE ||
	    s->first_inode > s->inodes_per_group)
		return "first inode";
	if (s->free_blocks > s->blocks || s->free_inodes > s->inodes)
		return "free count";
	if (fs->descriptor_blocks >= s->blocks_per_group - 4)
		return "number of groups";
	return NULL;
}

static int complain(const struct ext2 *fs, const char *what)
{
	kprintf("%s: no ext2: bad %s\n", fs->name, what);
	return -EINVAL;
}

// 0: it makes no sense.
static uint32_t descriptor_size(const struct ext2_super *s)
{
	uint32_t size = s->descriptor_size;

	if (!(s->incompatible & EXT2_INCOMPAT_64BIT))
		return sizeof(struct ext2_group);
	return size >= 64 && size <= 1024 && (size & (size - 1)) == 0 ? size
	                                                              : 0;
}

int ext2_check_super(struct ext2 *fs, const struct ext2_super *s)
{
	const char *what;

	if (s->magic != EXT2_MAGIC)
		return complain(fs, "magic number");
	if (s->log_block > 2)
		return complain(fs, "block size");
	if (s->revision != 1)
		return complain(fs, "revision");
	fs->block_size = 1024u << s->log_block;
	fs->pointers = fs->block_size / 4;
	fs->inode_size = s->inode_size;
	if (s->inode_size != 128 && s->inode_size != 256)
		return complain(fs, "inode size");
	if (s->blocks_per_group == 0 || s->blocks <= s->first_block)
		return complain(fs, "blocks per group");
	fs->inodes_per_block = fs->block_size / fs->inode_size;
	fs->groups = (s->blocks - s->first_block - 1) / s->blocks_per_group + 1;
	fs->descriptor_size = descriptor_size(s);
	if (fs->descriptor_size == 0)
		return complain(fs, "descriptor size");
	fs->descriptors_per_block = fs->block_size / fs->descriptor_size;
	fs->descriptor_blocks =
		(fs->groups - 1) / fs->descriptors_per_block + 1;
	what = check_numbers(fs, s);
	return what ? complain(fs, what) : check_features(fs, s);
}

// Nothing lies beyond what 32 bits can say.
static bool lies_low(const struct ext2 *fs, const struct ext2_group *g)
{
	const struct ext2_group_high *high = (const void *)(g + 1);

	return fs->descriptor_size == sizeof *g ||
	       !(high->block_bitmap | high->inode_bitmap | high->inode_table);
}

static bool lies_well(const struct ext2 *fs, uint32_t block, uint32_t count)
{
	return block > fs->super->first_block + fs->descriptor_blocks &&
	       block < fs->super->blocks && count <= fs->super->blocks - block;
}

int ext2_check_groups(struct ext2 *fs)
{
	const struct ext2_super *s = fs->super;

	for (uint32_t i = 0; i < fs->groups; i++) {
		const struct ext2_group *g = ext2_group(fs, i);
		uint32_t table = s->inodes_per_group / fs->inodes_per_block;

		if (!lies_low(fs, g) || !lies_well(fs, g->block_bitmap, 1) ||
		    !lies_well(fs, g->inode_bitmap, 1) ||
		    !lies_well(fs, g->inode_table, table) ||
		    g->block_bitmap == g->inode_bitmap ||
		    g->free_blocks > ext2_group_blocks(fs, i) ||
		    g->free_inodes > s->inodes_per_group)
			return complain(fs, "group descriptor");
	}
	return 0;
}
