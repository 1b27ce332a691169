// Open files, and each process's table of them.  What fork() and dup() copy
// is the descriptor: the open file with its offset is shared.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/inode.h"
#include "process/process.h"
#include <stdbool.h>
#include <stdint.h>

struct call;
struct transfer;
struct waiting;

#define FILES_LIMIT 1024 // RLIMIT_NOFILE

// Linux's generic flags of open().
enum {
	O_RDONLY = 0,
	O_WRONLY = 1,
	O_RDWR = 2,
	O_ACCMODE = 3,
	O_CREAT = 0100,
	O_EXCL = 0200,
	O_NOCTTY = 0400,
	O_TRUNC = 01000,
	O_APPEND = 02000,
	O_NONBLOCK = 04000,
	O_DSYNC = 010000,
	O_ASYNC = 020000,
	O_DIRECT = 040000,
	O_LARGEFILE = 0100000,
	O_DIRECTORY = 0200000,
	O_NOFOLLOW = 0400000,
	O_NOATIME = 01000000,
	O_CLOEXEC = 02000000,
	O_SYNC = 04000000 | O_DSYNC,
	O_PATH = 010000000,
	// What matters while opening only, and is not kept.
	O_OPENING = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC,
};

// What is asked and told of a file: Linux's generic POLL*.
enum {
	POLLIN = 0x001,
	POLLPRI = 0x002,
	POLLOUT = 0x004,
	POLLERR = 0x008,
	POLLHUP = 0x010,
	POLLNVAL = 0x020,
	POLLRDNORM = 0x040,
	POLLWRNORM = 0x100,
};

// fcntl()'s commands.
enum {
	F_DUPFD = 0,
	F_GETFD = 1,
	F_SETFD = 2,
	F_GETFL = 3,
	F_SETFL = 4,
	F_DUPFD_CLOEXEC = 1030,
	F_SETPIPE_SZ = 1031,
	F_GETPIPE_SZ = 1032,
};

// What an open file does; NULL where it makes no sense.
struct file_ops {
	// Bytes moved, 0 at the end, an error, or PENDING with nothing moved;
	// fewer than asked is all there is for now.
	int64_t (*read)(struct file *file, struct transfer *to,
	                uint64_t offset);
	int64_t (*write)(struct file *file, struct transfer *from,
	                 uint64_t offset);
	int64_t (*ioctl)(struct file *file, struct process *process,
	                 uint64_t request, uint64_t arg);
	// Commands of fcntl() that only such a file knows.
	int64_t (*control)(struct file *file, unsigned command, uint64_t arg);
	// What can be done now: POLL*.  waits, if not NULL, are two records:
	// the first is registered for input, the second for output.  NULL:
	// everything, always.
	unsigned (*poll)(struct file *file, unsigned events,
	                 struct waiting *waits);
	void (*release)(struct file *file);
	// Take read() and write() of such a file when they begin, for what can
	// be done in fewer steps; the rest is left to io_read() and io_write().
	int64_t (*read_call)(struct call *call, struct file *file);
	int64_t (*write_call)(struct call *call, struct file *file);
	// Frames that such a file holds; NULL: none.
	size_t (*held)(const struct file *file);
	bool stream; // has no offset: lseek() is -ESPIPE
};

struct file {
	const struct file_ops *ops;
	struct inode *inode;
	uint32_t refs;
	uint32_t flags; // O_*
	uint64_t offset;
	void *private; // of whoever set ops
};

// Opens the inode: 0 and *out with one reference, or an error.
int64_t file_open(struct inode *inode, uint32_t flags, struct file **out);

static inline void file_get(struct file *file)
{
	file->refs++;
}

// The last reference is gone.
void file_end(struct file *file);

static inline void file_put(struct file *file)
{
	if (--file->refs == 0)
		file_end(file);
}

static inline bool file_readable(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_writable(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_RDONLY;
}

#define FILES_FIRST 8 // descriptors without another allocation

// Closing is a bit per slot: set, exec() closes it.
struct files {
	uint32_t refs;
	uint16_t size; // slots
	uint16_t lowest; // no slot below is free
	struct file **slot;
	uint64_t *closing;
	struct file *first[FILES_FIRST];
	uint64_t first_closing;
};

extern struct process_part files_part;
static inline struct files *files_of(struct process *process)
{
	return *(struct files **)process_part(process, &files_part);
}

// The open file of a descriptor, without a reference; NULL: not open.
static inline struct file *file_of(struct process *process, uint64_t fd)
{
	struct files *files = files_of(process);

	// A descriptor is an int: the register's upper half means nothing.
	fd = (int32_t)fd;
	return fd < files->size ? files->slot[fd] : NULL;
}

// A descriptor that is free, the lowest from `lowest` on: it stays free until
// file_set().  -EMFILE, -ENOMEM.
int64_t file_slot(struct process *process, uint64_t lowest);

// Gives the reference to a free descriptor that file_slot() answered.
void file_set(struct process *process, uint64_t fd, struct file *file,
              bool close_on_exec);

// Who executes another program shares its descriptors with nobody any more
// (Linux's unshare_files()).  *own is its copy of them, to be had before the
// old program is given up; NULL: they are not shared.  0 or -ENOMEM.
int file_unshare_prepare(struct process *process, struct files **own);

// The process, another thread perhaps, goes on with the copy, if there is one.
void file_unshare(struct process *process, struct files **own);

// Lets go of a table, or of a copy that was not needed.
void files_put(struct files *files);

// Frees a descriptor; the reference goes to the caller.  NULL: not open.
struct file *file_take(struct process *process, uint64_t fd);

bool file_closes_on_exec(struct process *process, uint64_t fd);
void file_close_on_exec(struct process *process, uint64_t fd, bool on);

// Frames that the open files of a process hold.
size_t file_held(struct process *process);

// What the table of a process takes at first, in bytes.
size_t file_record_size(void);

// Registers the tables as a part of every process.
void file_init(void);
