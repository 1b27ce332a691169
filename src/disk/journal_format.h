// The journal on the disk, as jbd2 writes it (Linux, Documentation/filesystems/
// ext4/journal.rst): a ring of blocks in a file.  All numbers are big-endian.
#pragma once
#include <stdint.h>

#define JOURNAL_MAGIC 0xc03b3998u

// Kinds of blocks that are the journal's own.
enum {
	JOURNAL_DESCRIPTOR = 1, // tags of the blocks that follow
	JOURNAL_COMMIT = 2, // the transaction is whole
	JOURNAL_SUPER_V1 = 3,
	JOURNAL_SUPER_V2 = 4,
	JOURNAL_REVOKE = 5, // blocks not to be replayed from before
};

struct journal_header {
	uint32_t magic, kind, sequence;
};

// Block 0 of the journal.
struct journal_super {
	struct journal_header header;
	uint32_t block_size;
	uint32_t length; // in blocks, this one included
	uint32_t first; // the ring begins here
	uint32_t sequence; // of the first transaction to be replayed
	uint32_t start; // where that is; 0: the journal is empty
	uint32_t error;
	uint32_t compatible, incompatible, read_only; // version 2: features
	uint8_t uuid[16];
	uint32_t users;
	uint32_t dynsuper, transaction_most, data_most;
	uint8_t checksum_kind, pad[3];
	uint32_t pads[42], checksum;
	uint8_t user_list[768];
};

// Incompatible features.
enum {
	JOURNAL_HAS_REVOKE = 1,
	JOURNAL_64BIT = 2,
	JOURNAL_ASYNC_COMMIT = 4,
	JOURNAL_CSUM_V2 = 8,
	JOURNAL_CSUM_V3 = 16,
	JOURNAL_FAST_COMMIT = 32,
};

// Without the features above a tag is this; the first one of a block, and
// others without TAG_SAME_UUID, are followed by 16 bytes of UUID.
struct journal_tag {
	uint32_t block;
	uint16_t checksum, flags;
};

enum {
	TAG_ESCAPED = 1, // the block began with the magic: zeroed in the log
	TAG_SAME_UUID = 2,
	TAG_DELETED = 4,
	TAG_LAST = 8,
};

struct journal_revoke {
	struct journal_header header;
	uint32_t bytes; // used in this block, with this header
	uint32_t blocks[];
};

// By hand: gcc's built-in becomes a call of libgcc, which is not for us.
static inline uint16_t be16(uint16_t x)
{
	return x >> 8 | x << 8;
}

static inline uint32_t be32(uint32_t x)
{
	x = (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
	return x >> 16 | x << 16;
}
