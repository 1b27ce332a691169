#include "files/place.h"
#include "files/mount.h"
#include "lib/errno.h"
#include "memory/heap.h"
#include "process/syscall.h"

#define CLONE_FS 0x200
#define UMASK_FIRST 022
#define UMASK_BITS 0777

// Shared by threads (CLONE_FS), copied by fork().
struct place {
	uint32_t refs;
	uint32_t umask;
	struct inode *directory;
};

struct place_part {
	struct place *place;
};

static struct process_part part;

static struct place **place_of(struct process *process)
{
	return &((struct place_part *)process_part(process, &part))->place;
}

struct inode *place_directory(struct process *process)
{
	return (*place_of(process))->directory;
}

void place_move(struct process *process, struct inode *directory)
{
	struct place *place = *place_of(process);

	inode_put(place->directory);
	place->directory = directory;
}

uint32_t place_umask(struct process *process)
{
	return (*place_of(process))->umask;
}

static int place_fork(struct process *child, struct process *parent,
                      uint64_t flags)
{
	struct place *from = parent ? *place_of(parent) : NULL;
	struct place *place = from;

	if (parent && (flags & CLONE_FS)) {
		place->refs++;
	} else {
		place = kmalloc(sizeof *place);
		if (place == NULL)
			return -ENOMEM;
		place->refs = 1;
		place->umask = from ? from->umask : UMASK_FIRST;
		place->directory = from ? from->directory : mount_root();
		inode_get(place->directory);
	}
	*place_of(child) = place;
	return 0;
}

static void place_exit(struct process *process)
{
	struct place *place = *place_of(process);

	*place_of(process) = NULL;
	if (--place->refs)
		return;
	inode_put(place->directory);
	kfree(place);
}

static int64_t sys_umask(struct call *call)
{
	struct place *place = *place_of(call->process);
	uint32_t old = place->umask;

	place->umask = call->arg[0] & UMASK_BITS;
	return old;
}

size_t place_record_size(void)
{
	return sizeof(struct place);
}

static struct process_part part = {
	.size = sizeof(struct place_part),
	.fork = place_fork,
	.exit = place_exit,
};

static const struct syscall rows[] = {
	SYSCALL(166, umask, sys_umask, "flags"),
};

void place_init(void)
{
	process_register(&part);
	SYSCALL_REGISTER(rows);
}
