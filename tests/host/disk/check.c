#include "check.h"
#include "disk/ext2_format.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *image;
static size_t image_size;
static const struct ext2_super *super;
static uint32_t block_size, groups;
static uint8_t *used; // blocks, by owner: counted
static uint32_t *names; // of inodes
static uint32_t directories[1024]; // in each group
static char text[200];
static bool wrong;

static void complain(const char *fmt, ...)
{
	va_list args;

	if (wrong)
		return;
	wrong = true;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
}

static const void *at_block(uint32_t block)
{
	return image + (size_t)block * block_size;
}

static const struct ext2_group *group_at(uint32_t group)
{
	return (const struct ext2_group *)at_block(super->first_block + 1) +
	       group;
}

static const struct ext2_raw *inode_at(uint32_t ino)
{
	uint32_t per = super->inodes_per_group;

	return (const void *)((const uint8_t *)at_block(
				      group_at((ino - 1) / per)->inode_table) +
	                      (size_t)((ino - 1) % per) * super->inode_size);
}

static bool bit(const void *map, uint32_t n)
{
	return ((const uint8_t *)map)[n / 8] >> n % 8 & 1;
}

static bool claim(uint32_t block, uint32_t ino)
{
	if (block <= super->first_block || block >= super->blocks) {
		complain("inode %u has block %u", ino, block);
		return false;
	}
	if (used[block]++)
		complain("block %u is used twice, by inode %u", block, ino);
	return !wrong;
}

static bool has_super(uint32_t group)
{
	if (group <= 1 || !(super->read_only & EXT2_RO_SPARSE))
		return true;
	for (uint32_t p = 3; p <= 7; p += 2)
		for (uint32_t n = p; n <= group; n *= p)
			if (n == group)
				return true;
	return false;
}

static void claim_group(uint32_t group)
{
	const struct ext2_group *g = group_at(group);
	uint32_t first = super->first_block + group * super->blocks_per_group;
	uint32_t descriptors = (groups * 32 + block_size - 1) / block_size;
	uint32_t table = super->inodes_per_group * super->inode_size /
	                 block_size;

	if (has_super(group))
		for (uint32_t i = 0; i <= descriptors; i++)
			used[first + i]++;
	claim(g->block_bitmap, 0);
	claim(g->inode_bitmap, 0);
	for (uint32_t i = 0; i < table; i++)
		claim(g->inode_table + i, 0);
}

// ---- files ----

struct file {
	uint32_t ino, blocks;
	uint32_t *map, room; // index to block, of directories and links
	uint64_t last; // the highest index with a block, plus 1
};

static void file_block(struct file *f, uint64_t index, uint32_t block)
{
	if (!claim(block, f->ino))
		return;
	f->blocks++;
	f->last = index + 1;
	if (index < f->room)
		f->map[index] = block;
}

static void file_tree(struct file *f, uint32_t block, unsigned depth,
                      uint64_t index)
{
	const uint32_t *slots = at_block(block);
	uint64_t span = 1;

	if (!claim(block, f->ino))
		return;
	f->blocks++;
	for (unsigned i = 1; i < depth; i++)
		span *= block_size / 4;
	for (uint32_t i = 0; i < block_size / 4 && !wrong; i++)
		if (slots[i] && depth == 1)
			file_block(f, index + i, slots[i]);
		else if (slots[i])
			file_tree(f, slots[i], depth - 1, index + i * span);
}

static void file_blocks(struct file *f, const struct ext2_raw *raw)
{
	uint64_t index = EXT2_DIRECT, span = block_size / 4;

	for (int i = 0; i < EXT2_DIRECT; i++)
		if (raw->block[i])
			file_block(f, i, raw->block[i]);
	for (unsigned depth = 1; depth <= 3; depth++) {
		if (raw->block[EXT2_DIRECT + depth - 1])
			file_tree(f, raw->block[EXT2_DIRECT + depth - 1],
			          depth, index);
		index += span;
		span *= block_size / 4;
	}
}

static void directory_block(uint32_t ino, uint32_t block, bool first)
{
	const uint8_t *bytes = at_block(block);
	uint32_t at = 0;

	for (int n = 0; at < block_size && !wrong; n++) {
		const struct ext2_entry *e = (const void *)(bytes + at);

		if (e->length < 8 || e->length % 4 ||
		    e->length > block_size - at ||
		    ext2_entry_size(e->name_size) > e->length ||
		    e->inode > super->inodes) {
			complain("directory %u: bad entry", ino);
			return;
		}
		if (e->inode)
			names[e->inode]++;
		if (first && n == 0 && (e->inode != ino || e->name_size != 1))
			complain("directory %u: no \".\"", ino);
		if (first && n == 1 && (e->name_size != 2 || !e->inode))
			complain("directory %u: no \"..\"", ino);
		at += e->length;
	}
}

static void check_directory(uint32_t ino, const struct ext2_raw *raw,
                            const struct file *f)
{
	uint32_t blocks = raw->size / block_size;

	if (raw->size % block_size || blocks == 0 || f->last > blocks)
		complain("directory %u: size %u", ino, raw->size);
	for (uint32_t i = 0; i < blocks && i < f->room && !wrong; i++)
		if (f->map[i])
			directory_block(ino, f->map[i], i == 0);
		else
			complain("directory %u: hole", ino);
	directories[(ino - 1) / super->inodes_per_group]++;
}

static void check_file(uint32_t ino, const struct ext2_raw *raw)
{
	uint32_t room = 4096, *map = calloc(room, sizeof *map);
	struct file f = { .ino = ino, .map = map, .room = room };
	uint32_t type = raw->mode >> 12;
	uint64_t size = raw->size;
	bool fast = type == 012 && raw->sectors == 0;

	if (type == 010)
		size |= (uint64_t)raw->size_high << 32;
	if ((type == 010 || type == 004 || type == 012) && !fast)
		file_blocks(&f, raw);
	if (f.blocks * (block_size / 512) != raw->sectors)
		complain("inode %u: %u sectors, not %u", ino, raw->sectors,
		         f.blocks * (block_size / 512));
	// The resize inode keeps blocks that are no part of it.
	if (f.last * block_size >= size + block_size && ino != 7)
		complain("inode %u: blocks behind its end", ino);
	if (type == 004)
		check_directory(ino, raw, &f);
	free(map);
}

// ---- all ----

static void check_inodes(void)
{
	for (uint32_t ino = 1; ino <= super->inodes && !wrong; ino++) {
		uint32_t at = (ino - 1) % super->inodes_per_group;
		uint32_t group = (ino - 1) / super->inodes_per_group;
		const struct ext2_raw *raw = inode_at(ino);

		if (!bit(at_block(group_at(group)->inode_bitmap), at)) {
			if (raw->links)
				complain("inode %u: free, with links", ino);
			continue;
		}
		if (raw->mode)
			check_file(ino, raw);
		if (ino >= super->first_inode && raw->mode == 0)
			complain("inode %u: used, but empty", ino);
		if (ino >= super->first_inode && raw->dtime)
			complain("inode %u: deleted, not free", ino);
	}
	for (uint32_t ino = super->first_inode; ino <= super->inodes; ino++)
		if (!wrong && names[ino] != inode_at(ino)->links)
			complain("inode %u: %u links, %u names", ino,
			         inode_at(ino)->links, names[ino]);
}

static void check_group(uint32_t group, uint32_t *blocks, uint32_t *inodes)
{
	const struct ext2_group *g = group_at(group);
	uint32_t first = super->first_block + group * super->blocks_per_group;
	uint32_t free_blocks = 0, free_inodes = 0;

	for (uint32_t i = 0; i < super->blocks_per_group; i++) {
		if (first + i >= super->blocks)
			break;
		if (bit(at_block(g->block_bitmap), i) != !!used[first + i])
			complain("block %u: %sused", first + i,
			         used[first + i] ? "not marked as " : "not ");
		free_blocks += !used[first + i];
	}
	for (uint32_t i = 0; i < super->inodes_per_group; i++)
		free_inodes += !bit(at_block(g->inode_bitmap), i);
	if (free_blocks != g->free_blocks || free_inodes != g->free_inodes)
		complain("group %u: free counts", group);
	if (directories[group] != g->directories)
		complain("group %u: %u directories, not %u", group,
		         g->directories, directories[group]);
	*blocks += free_blocks;
	*inodes += free_inodes;
}

static void check_all(void)
{
	uint32_t blocks = 0, inodes = 0;

	for (uint32_t i = 0; i < groups; i++)
		claim_group(i);
	check_inodes();
	for (uint32_t i = 0; i < groups; i++)
		check_group(i, &blocks, &inodes);
	if (blocks != super->free_blocks || inodes != super->free_inodes)
		complain("free counts of the superblock");
	if (super->last_orphan)
		complain("orphan %u", super->last_orphan);
}

const char *check_image(const uint8_t *bytes, size_t size)
{
	image = bytes;
	image_size = size;
	super = (const void *)(bytes + EXT2_SUPER_AT);
	wrong = false;
	if (super->magic != EXT2_MAGIC || super->log_block > 2)
		return "no superblock";
	block_size = 1024u << super->log_block;
	groups = (super->blocks - super->first_block - 1) /
	                 super->blocks_per_group + 1;
	if ((size_t)super->blocks * block_size > size || groups > 1024)
		return "size";
	used = calloc(super->blocks + 1, 1);
	names = calloc(super->inodes + 1, sizeof *names);
	memset(directories, 0, sizeof directories);
	check_all();
	free(used);
	free(names);
	return wrong ? text : NULL;
}

void fill_free_blocks(uint8_t *bytes, uint8_t with)
{
	image = bytes;
	super = (const void *)(bytes + EXT2_SUPER_AT);
	block_size = 1024u << super->log_block;
	for (uint32_t n = super->first_block; n < super->blocks; n++) {
		uint32_t in = n - super->first_block;
		uint32_t per = super->blocks_per_group;

		if (!bit(at_block(group_at(in / per)->block_bitmap), in % per))
			memset(bytes + (size_t)n * block_size, with,
			       block_size);
	}
}
