// ext2 on the disk (Linux, Documentation/filesystems/ext4: the parts that ext2
// and ext3 have).  All numbers are little-endian, as our harts are.
#pragma once
#include <stdint.h>

#define EXT2_MAGIC 0xef53
#define EXT2_SUPER_AT 1024 // bytes from the start of the disk
#define EXT2_DIRECT 12
#define EXT2_BLOCKS 15 // pointers of an inode: direct, and one each of
// indirect, double and triple indirect
#define EXT2_LINKS_MOST 32000

enum {
	EXT2_BAD_INODE = 1,
	EXT2_ROOT_INODE = 2,
	EXT2_JOURNAL_INODE = 8,
	EXT2_OLD_FIRST_INODE = 11,
};

struct ext2_super {
	uint32_t inodes, blocks, reserved_blocks;
	uint32_t free_blocks, free_inodes;
	uint32_t first_block; // 1 with blocks of 1 KiB, else 0
	uint32_t log_block; // size is 1024 << this
	uint32_t log_cluster;
	uint32_t blocks_per_group, clusters_per_group, inodes_per_group;
	uint32_t mount_time, write_time;
	uint16_t mounts, mounts_most;
	uint16_t magic, state, errors, minor;
	uint32_t check_time, check_interval, creator, revision;
	uint16_t reserved_uid, reserved_gid;
	uint32_t first_inode; // revision 1 from here on
	uint16_t inode_size, group;
	uint32_t compatible, incompatible, read_only; // features
	uint8_t uuid[16];
	char label[16], mounted_on[64];
	uint32_t compression;
	uint8_t preallocate[2];
	uint16_t reserved_descriptors;
	uint8_t journal_uuid[16];
	uint32_t journal_inode, journal_device;
	uint32_t last_orphan; // first of the list, linked by dtime
	uint32_t hash_seed[4];
	uint8_t hash_version, journal_kind;
	uint16_t descriptor_size;
	uint32_t mount_options, first_meta_group, made, journal_blocks[17];
	uint32_t blocks_high; // with 64bit
	uint32_t more[171];
};

enum { EXT2_STATE_CLEAN = 1, EXT2_STATE_ERRORS = 2 };

enum {
	EXT2_COMPAT_JOURNAL = 0x4,
	EXT2_COMPAT_INDEX = 0x20,

	EXT2_INCOMPAT_FILETYPE = 0x2,
	EXT2_INCOMPAT_RECOVER = 0x4, // the journal holds something
	EXT2_INCOMPAT_FLEX = 0x200, // only where things lie
	EXT2_INCOMPAT_EXTENTS = 0x40,
	EXT2_INCOMPAT_64BIT = 0x80, // descriptors are longer
	EXT2_INCOMPAT_CSUM_SEED = 0x2000, // checksums are not looked at
	EXT2_INCOMPAT_LARGE_DIR = 0x4000,

	EXT2_RO_SPARSE = 0x1,
	EXT2_RO_LARGE = 0x2, // files of 2 GiB and more
	EXT2_RO_EXTRA_ISIZE = 0x40, // inodes say how much of them is used
};

struct ext2_group {
	uint32_t block_bitmap, inode_bitmap, inode_table;
	uint16_t free_blocks, free_inodes, directories, flags;
	uint32_t more[3];
};

// What follows it with 64bit: the upper halves of the first three.
struct ext2_group_high {
	uint32_t block_bitmap, inode_bitmap, inode_table;
};

struct ext2_raw {
	uint16_t mode, uid;
	uint32_t size; // its lower half
	uint32_t atime, ctime, mtime;
	uint32_t dtime; // when deleted; the next one while an orphan
	uint16_t gid, links;
	uint32_t sectors; // of 512 bytes, with indirect blocks
	uint32_t flags, version;
	uint32_t block[EXT2_BLOCKS]; // a short link's target lies here
	uint32_t generation, file_acl;
	uint32_t size_high; // of a directory: its ACL
	uint32_t fragment;
	uint16_t more_sectors, acl_high, uid_high, gid_high;
	uint32_t reserved;
	// Of inodes of 256 bytes.
	uint16_t extra_size, checksum_high;
	uint32_t ctime_extra, mtime_extra, atime_extra; // ns << 2 | epoch
	uint32_t born, born_extra;
};

#define EXT2_SMALL_INODE 128
#define EXT2_EXTRA_SIZE 24 // of the fields that we know

enum {
	EXT2_FLAG_INDEX = 0x1000, // the directory has a hash tree
	EXT2_FLAG_EXTENTS = 0x80000,
};

struct ext2_entry {
	uint32_t inode; // 0: unused
	uint16_t length; // to the next entry
	uint8_t name_size, type;
	char name[];
};

#define EXT2_ENTRY_HEAD 8

// Bytes that an entry with such a name needs.
static inline unsigned ext2_entry_size(unsigned name_size)
{
	return (EXT2_ENTRY_HEAD + name_size + 3) & ~3u;
}
