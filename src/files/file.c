#include "files/file.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/lock.h"
#include "memory/heap.h"

#define CLONE_FILES 0x400
#define WORD 64

// Each size with its bits fits one class of the kernel heap.
static const uint16_t sizes[] = { FILES_FIRST, 56, 248, FILES_LIMIT };

// What every process has of this floor.
struct files_link {
	struct files *files;
};

// ---- open files ----

// What is opened for its name only (O_PATH), and directories.
static const struct file_ops no_ops;

// The inode may refuse: a FIFO waits for its other end, a device may be busy.
// So the file is complete before it gets a descriptor.
int64_t file_open(struct inode *inode, uint32_t flags, struct file **out)
{
	struct file *file = kzalloc(sizeof *file);
	int64_t err = 0;

	LOCK_HELD();
	if (file == NULL)
		return -ENOMEM;
	file->ops = &no_ops;
	file->inode = inode;
	file->refs = 1;
	file->flags = flags;
	if (inode->ops->open && !(flags & O_PATH))
		err = inode->ops->open(inode, file);
	if (err) {
		kfree(file);
		return err;
	}
	inode_get(inode);
	*out = file;
	return 0;
}

// Release comes before the inode is let go of, for it may need it.
void file_end(struct file *file)
{
	LOCK_HELD();
	if (file->ops->release)
		file->ops->release(file);
	inode_put(file->inode);
	kfree(file);
}

// ---- tables ----

// Most processes open a few files: those need one allocation of 96 bytes.
static struct files *files_new(void)
{
	struct files *files = kzalloc(sizeof *files);

	if (files == NULL)
		return NULL;
	files->refs = 1;
	files->size = FILES_FIRST;
	files->slot = files->first;
	files->closing = &files->first_closing;
	return files;
}

// Makes room for descriptor fd, which is below FILES_LIMIT.
static int files_grow(struct files *files, uint64_t fd)
{
	const uint16_t *size = sizes;
	size_t words;
	struct file **slot;

	while (*size <= fd)
		size++;
	if (*size <= files->size)
		return 0;
	words = *size + (*size + WORD - 1) / WORD;
	slot = kzalloc(words * sizeof(uint64_t));
	if (slot == NULL)
		return -ENOMEM;
	memcpy(slot, files->slot, files->size * sizeof slot[0]);
	memcpy(slot + *size, files->closing,
	       (files->size + WORD - 1) / WORD * sizeof(uint64_t));
	if (files->slot != files->first)
		kfree(files->slot);
	files->slot = slot;
	files->closing = (uint64_t *)(slot + *size);
	files->size = *size;
	return 0;
}

// The last to leave closes what is open: at most FILES_LIMIT files in a pass.
void files_put(struct files *files)
{
	if (--files->refs)
		return;
	for (int fd = 0; fd < files->size; fd++)
		if (files->slot[fd])
			file_put(files->slot[fd]);
	if (files->slot != files->first)
		kfree(files->slot);
	kfree(files);
}

// The descriptors are copied, the files behind them are shared: so parent and
// child move one offset, as a script and the programs in it expect.
static struct files *files_copy(const struct files *from)
{
	struct files *files = files_new();

	if (files == NULL)
		return NULL;
	if (files_grow(files, from->size - 1)) {
		kfree(files);
		return NULL;
	}
	for (int fd = 0; fd < from->size; fd++) {
		files->slot[fd] = from->slot[fd];
		if (from->slot[fd])
			file_get(from->slot[fd]);
	}
	memcpy(files->closing, from->closing,
	       (from->size + WORD - 1) / WORD * sizeof(uint64_t));
	files->lowest = from->lowest;
	return files;
}

int64_t file_slot(struct process *process, uint64_t lowest)
{
	struct files *files = files_of(process);
	uint64_t fd = lowest < files->lowest ? files->lowest : lowest;
	int err;

	// POSIX promises the lowest free one, and shells rely on it.
	while (fd < files->size && files->slot[fd])
		fd++;
	if (fd >= FILES_LIMIT)
		return -EMFILE;
	err = files_grow(files, fd);
	return err ? err : (int64_t)fd;
}

void file_set(struct process *process, uint64_t fd, struct file *file,
              bool close_on_exec)
{
	struct files *files = files_of(process);

	LOCK_HELD();
	files->slot[fd] = file;
	if (fd == files->lowest)
		files->lowest++;
	file_close_on_exec(process, fd, close_on_exec);
}

struct file *file_take(struct process *process, uint64_t fd)
{
	struct files *files = files_of(process);
	struct file *file = file_of(process, fd);

	if (file == NULL)
		return NULL;
	fd = (uint32_t)fd;
	files->slot[fd] = NULL;
	if (fd < files->lowest)
		files->lowest = fd;
	return file;
}

bool file_closes_on_exec(struct process *process, uint64_t fd)
{
	return files_of(process)->closing[fd / WORD] >> fd % WORD & 1;
}

void file_close_on_exec(struct process *process, uint64_t fd, bool on)
{
	uint64_t *word = &files_of(process)->closing[fd / WORD];

	*word &= ~(1ul << fd % WORD);
	*word |= (uint64_t)on << fd % WORD;
}

// ---- in the life of a process ----

static int files_fork(struct process *child, struct process *parent,
                      uint64_t flags)
{
	struct files_link *own = process_part(child, &files_part);

	if (parent == NULL) {
		own->files = files_new();
	} else if (flags & CLONE_FILES) {
		own->files = files_of(parent);
		own->files->refs++;
	} else {
		own->files = files_copy(files_of(parent));
	}
	return own->files ? 0 : -ENOMEM;
}

int file_unshare_prepare(struct process *process, struct files **own)
{
	struct files *files = files_of(process);

	*own = files->refs > 1 ? files_copy(files) : NULL;
	return *own || files->refs == 1 ? 0 : -ENOMEM;
}

void file_unshare(struct process *process, struct files **own)
{
	struct files_link *link = process_part(process, &files_part);
	struct files *shared = link->files;

	if (*own == NULL)
		return;
	link->files = *own;
	*own = NULL;
	files_put(shared);
}

// The table is shared with nobody any more, or with threads that end.
static void files_exec(struct process *process)
{
	struct files *files = files_of(process);

	for (int fd = 0; fd < files->size; fd++)
		if (files->slot[fd] && file_closes_on_exec(process, fd))
			file_put(file_take(process, fd));
}

static void files_exit(struct process *process)
{
	struct files_link *own = process_part(process, &files_part);

	files_put(own->files);
	own->files = NULL;
}

size_t file_held(struct process *process)
{
	struct files *files = files_of(process);
	size_t held = 0;

	for (int fd = 0; fd < files->size; fd++) {
		struct file *file = files->slot[fd];

		if (file && file->ops->held)
			held += file->ops->held(file);
	}
	return held;
}

size_t file_record_size(void)
{
	return sizeof(struct files);
}

struct process_part files_part = {
	.size = sizeof(struct files_link),
	.fork = files_fork,
	.exec = files_exec,
	.exit = files_exit,
};

void file_init(void)
{
	process_register(&files_part);
}
