// Files of a mounted ext2 by path, for tests: each call waits until it is
// done.  Errors are ext2's.
#pragma once
#include "disk/ext2_name.h"
#include "disk/ext2_super.h"
#include "host.h"

extern struct ext2 *fs;

int64_t do_mount(struct disk *disk);
int64_t do_unmount(void);
int64_t do_sync(void);
void begin_commit(void); // of what was changed, without waiting

// The inode, with a reference; NULL: *err says why.
struct inode *find_path(const char *path, int64_t *err);

int64_t do_create(const char *path, uint32_t mode);
int64_t do_mkdir(const char *path);
int64_t do_symlink(const char *target, const char *path);
int64_t do_link(const char *path, const char *to);
int64_t do_unlink(const char *path);
int64_t do_rmdir(const char *path);
int64_t do_rename(const char *path, const char *to, unsigned flags);
int64_t do_truncate(const char *path, uint64_t size);
int64_t do_chmod(const char *path, uint32_t mode);
int64_t do_fsync(const char *path);

// Bytes that only `seed` and their place decide.
int64_t do_write(const char *path, uint64_t offset, size_t size, unsigned seed);
int64_t inode_write(struct inode *inode, uint64_t offset, const void *from,
                    size_t size);
int64_t inode_bytes(struct inode *inode, uint64_t offset, void *to,
                    size_t size);
uint8_t pattern(unsigned seed, uint64_t at);

// Calls `each` for every name but "." and ".."; 0 or the error of the listing.
int64_t each_name(struct inode *dir,
                  void (*each)(void *arg, const char *name, size_t size),
                  void *arg);

// Makes files of every kind, for tests to begin with.
void prepare_files(void);

// ---- all of it at one moment ----

struct item {
	char path[800];
	uint32_t mode, links, ino;
	uint64_t size;
	uint8_t *bytes; // of files and links
};

struct snapshot {
	struct item *items; // in the order of their paths
	size_t count, room;
	int64_t error;
};

void snapshot_take(struct snapshot *s);
void snapshot_free(struct snapshot *s);
const struct item *snapshot_find(const struct snapshot *s, const char *path);
