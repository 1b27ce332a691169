// An inode: a file, directory, link or device, whatever holds it.  A file
// system embeds it in a record of its own and answers through `ops`.
//
// An operation that must wait parks what runs (a call, a kernel task) and
// answers PENDING; then it is asked again from its start.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "memory/area.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct file;
struct inode;
struct pipe;
struct stat;

#define NAME_LONGEST 255 // bytes of one name
#define INODE_BLOCK 4096 // st_blksize

// Types of files, in the mode.
enum {
	S_IFMT = 0170000,
	S_IFIFO = 0010000,
	S_IFCHR = 0020000,
	S_IFDIR = 0040000,
	S_IFBLK = 0060000,
	S_IFREG = 0100000,
	S_IFLNK = 0120000,
	S_IFSOCK = 0140000,
};

// What is told of each name in a directory.
struct entry {
	const char *name; // not terminated
	size_t size;
	uint64_t ino;
	uint32_t mode; // its type
	uint64_t next; // where to go on after it
};

// Takes an entry; false: no more, and this one not either.
typedef bool (*entry_sink)(void *arg, const struct entry *entry);

// A name in a directory, whether there is such an entry or not.
struct path_end {
	struct inode *directory; // with a reference
	const char *name; // not terminated; empty for "/"
	size_t size;
	bool slash; // a slash follows: it must be a directory
};

// What to change of an inode; times in nanoseconds since 1970.
struct attributes {
	enum {
		CHANGE_MODE = 1, // permissions, not the type
		CHANGE_UID = 2,
		CHANGE_GID = 4,
		CHANGE_ATIME = 8,
		CHANGE_MTIME = 16,
	} which;
	uint32_t mode, uid, gid;
	uint64_t atime, mtime;
};

// What statfs() tells of a file system; in blocks of INODE_BLOCK.
struct volume {
	uint64_t type, blocks, free, files, files_free;
};

// NULL where it makes no sense for the file.  A directory of a file system that
// cannot be changed has none of those that change.
struct inode_ops {
	// *out gets the entry of that name with a reference; ".." is asked
	// for too, "." never.  0, -ENOENT, ...
	int64_t (*lookup)(struct inode *dir, const char *name, size_t size,
	                  struct inode **out);
	// All entries from `from` on (0, or some entry's next), "." and ".."
	// with them.  0 or an error.
	int64_t (*list)(struct inode *dir, uint64_t from, entry_sink sink,
	                void *arg);
	// The target of a link, inode->size bytes.  0 or an error.
	int64_t (*readlink)(struct inode *link, char *to);
	// Where a link leads, whatever its target says.  NULL: as that says.
	int64_t (*follow)(struct inode *link, struct inode **out);
	// Into kernel memory: bytes, fewer only at the end, or an error.
	int64_t (*read)(struct inode *inode, uint64_t offset, void *to,
	                size_t size);
	// The frame with page `index`, zeroes behind the file's end; with a
	// reference taken if it lies in the pool.  0 or an error.
	int64_t (*page)(struct inode *inode, uint64_t index, void **frame);
	// The same, and processes are going to store to the frame, until it is
	// protected again (memory/pager.h): what they store is the file's.
	// NULL: no shared mapping can be written.
	int64_t (*page_write)(struct inode *inode, uint64_t index,
	                      void **frame);
	// Pages that will be asked for soon; waits for nothing.
	void (*ahead)(struct inode *inode, uint64_t index, uint64_t count);
	// Gives a new open file its ops.  NULL: it has none of its own.
	int64_t (*open)(struct inode *inode, struct file *file);
	// A new entry, which is not there yet, of the mode's type: *out gets
	// it with a reference.  Whatever changes a directory does all of it
	// or nothing.
	int64_t (*create)(const struct path_end *at, uint32_t mode,
	                  struct inode **out);
	int64_t (*symlink)(const struct path_end *at, const char *target,
	                   size_t size);
	// One more name for a file.
	int64_t (*link)(const struct path_end *at, struct inode *inode);
	// An entry less: that of the inode.  -ENOTEMPTY, ...
	int64_t (*unlink)(const struct path_end *at, struct inode *inode);
	// The inode moves, in place of `victim` (NULL: nothing is there), which
	// is a directory if it is one.
	int64_t (*rename)(const struct path_end *from, struct inode *inode,
	                  const struct path_end *to, struct inode *victim);
	// Both names are there, and each leads to the other's inode then.
	int64_t (*exchange)(const struct path_end *from, struct inode *inode,
	                    const struct path_end *to, struct inode *other);
	// Of a regular file.
	int64_t (*resize)(struct inode *inode, uint64_t size);
	int64_t (*change)(struct inode *inode, const struct attributes *to);
	void (*statfs)(const struct inode *inode, struct volume *volume);
	// What was written before now is lasting (fsync).  NULL: at once.
	int64_t (*sync)(struct inode *inode, bool data_only,
	                struct sync_goal *goal);
	// Where it is: a directory that has it, without a reference, and the
	// name that it has there.  false: not known.
	bool (*home)(struct inode *inode, struct path_end *out);
	// For what is no directory, where home() is not known: a directory that
	// has it, with a reference.  0, -ENOENT, ...
	int64_t (*above)(struct inode *inode, struct inode **out);
	// Writing is possible at all; NULL ops of a read-only file system.
	bool writable;
	// More of what fstat() tells.
	void (*stat)(struct inode *inode, struct stat *stat);
	// The last reference is gone.
	void (*release)(struct inode *inode);
};

struct inode {
	const struct inode_ops *ops;
	struct pager pager; // maps it into address spaces
	uint32_t refs;
	uint32_t mode; // type and permissions
	uint64_t ino;
	uint64_t size;
	uint32_t device; // the file system it is on
	uint32_t rdev; // which device it is
	uint32_t links, uid, gid;
	int64_t mtime; // seconds
	struct pipe *pipe; // of a FIFO that is open
};

// Linux's generic struct stat, which is libgloss's struct kernel_stat too.
struct stat {
	uint64_t dev, ino;
	uint32_t mode, links, uid, gid;
	uint64_t rdev, pad1;
	int64_t size;
	int32_t block_size, pad2;
	int64_t blocks; // of 512 bytes
	struct {
		int64_t seconds, nanoseconds;
	} atime, mtime, ctime;
	uint32_t pad3[2];
};

// All but the numbers is set: one reference, the pager.
void inode_init(struct inode *inode, const struct inode_ops *ops,
                uint32_t mode);

static inline void inode_get(struct inode *inode)
{
	inode->refs++;
}
void inode_put(struct inode *inode);

// The inode behind a pager; NULL: it is none's.
struct inode *inode_of_pager(struct pager *pager);

// As the ops, and -EISDIR, -EINVAL for files that have nothing to read.
int64_t inode_read(struct inode *inode, uint64_t offset, void *to, size_t size);
int64_t inode_page(struct inode *inode, uint64_t index, void **frame);

void inode_stat(struct inode *inode, struct stat *stat);

static inline bool inode_is(const struct inode *inode, uint32_t type)
{
	return (inode->mode & S_IFMT) == type;
}

// A device's number as struct stat has it.
static inline uint32_t device_number(unsigned major, unsigned minor)
{
	return major << 8 | minor;
}

// A new number for a file system.
uint32_t inode_new_device(void);
