#include "files/directory.h"
#include "files/file.h"
#include "files/name.h"
#include "files/path.h"
#include "files/place.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "process/syscall.h"
#include "process/user.h"

// Linux's struct linux_dirent64.
struct record {
	uint64_t ino;
	int64_t next; // where to go on after it
	uint16_t size; // of this record
	uint8_t type; // the mode's
	char name[]; // terminated
};
#define RECORD_NAME offsetof(struct record, name)

// What goes to the process in one piece, within one pass.
static char buffer[PATH_LONGEST]
	__attribute__((section(".noinit"), aligned(8)));

struct listing {
	size_t size, filled;
	uint64_t next;
	bool full;
};

static bool listing_sink(void *arg, const struct entry *entry)
{
	struct listing *l = arg;
	size_t size = (RECORD_NAME + entry->size + 1 + 7) & ~7ul;
	struct record *record = (struct record *)(buffer + l->filled);

	if (size > l->size - l->filled) {
		l->full = true;
		return false;
	}
	// Its padding goes to the process too.
	memset(record, 0, size);
	record->ino = entry->ino;
	record->next = entry->next;
	record->size = size;
	record->type = (entry->mode & S_IFMT) >> 12;
	memcpy(record->name, entry->name, entry->size);
	l->filled += size;
	l->next = entry->next;
	return true;
}

static int64_t sys_getdents64(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);
	struct listing l = { .size = (uint32_t)call->arg[2] };
	int64_t err;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (!inode_is(file->inode, S_IFDIR))
		return -ENOTDIR;
	if (l.size > sizeof buffer)
		l.size = sizeof buffer;
	err = file->inode->ops->list(file->inode, file->offset, listing_sink,
	                             &l);
	if (err)
		return err;
	// Not even one entry fits; at the end of the directory there is none.
	if (l.filled == 0)
		return l.full ? -EINVAL : 0;
	err = user_copy_out(call->process, call->arg[1], buffer, l.filled);
	if (err)
		return err;
	// Only now: entries that could not be stored are told of once more.
	file->offset = l.next;
	return l.filled;
}

// ---- moving ----

static int64_t sys_getcwd(struct call *call)
{
	char *start;
	int64_t size = name_of(place_directory(call->process), buffer,
	                       sizeof buffer, &start);
	int64_t err;

	if (size < 0)
		return size;
	if (call->arg[1] < (uint64_t)size)
		return -ERANGE;
	err = user_copy_out(call->process, call->arg[0], start, size);
	return err ? err : size;
}

static int64_t sys_chdir(struct call *call)
{
	struct inode *inode;
	int64_t err = path_lookup_at(call->process, AT_FDCWD, call->arg[0], 0,
	                             &inode);

	if (err)
		return err;
	if (!inode_is(inode, S_IFDIR)) {
		inode_put(inode);
		return -ENOTDIR;
	}
	place_move(call->process, inode);
	return 0;
}

static int64_t sys_fchdir(struct call *call)
{
	struct file *file = file_of(call->process, call->arg[0]);

	if (file == NULL)
		return -EBADF;
	if (!inode_is(file->inode, S_IFDIR))
		return -ENOTDIR;
	inode_get(file->inode);
	place_move(call->process, file->inode);
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(17, getcwd, sys_getcwd, "out:@2 len"),
	SYSCALL(49, chdir, sys_chdir, "path"),
	SYSCALL(50, fchdir, sys_fchdir, "fd"),
	SYSCALL(61, getdents64, sys_getdents64, "fd out:@3 len"),
};

void directory_init(void)
{
	SYSCALL_REGISTER(rows);
}
