#include "files/sheet.h"
#include "files/text.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "memory/heap.h"

struct sheet {
	struct text text;
	proc_writer writer;
	int pid; // 0: none
};

static int64_t sheet_write(struct sheet *sheet)
{
	struct process *process = sheet->pid ? process_find(sheet->pid) : NULL;
	int64_t err = 0;

	// It was there when the file was opened.
	if (sheet->pid && process == NULL)
		return -ESRCH;
	text_clear(&sheet->text);
	err = sheet->writer(&sheet->text, process);
	return sheet->text.failed ? -ENOMEM : err;
}

// Small reads see one state of things: a new one begins at the start.
static int64_t sheet_read(struct file *file, struct transfer *to,
                          uint64_t offset)
{
	struct sheet *sheet = file->private;
	int64_t err = offset == 0 ? sheet_write(sheet) : 0;
	size_t size = to->left;

	if (err)
		return err;
	if (offset >= sheet->text.length)
		return 0;
	if (size > sheet->text.length - offset)
		size = sheet->text.length - offset;
	err = transfer_out(to, sheet->text.at + offset, size);
	return err ? err : (int64_t)size;
}

static void sheet_release(struct file *file)
{
	struct sheet *sheet = file->private;

	text_free(&sheet->text);
	kfree(sheet);
}

static const struct file_ops sheet_ops = {
	.read = sheet_read,
	.release = sheet_release,
};

int64_t sheet_open(struct file *file, proc_writer writer, int pid)
{
	struct sheet *sheet = kzalloc(sizeof *sheet);

	if (sheet == NULL)
		return -ENOMEM;
	sheet->writer = writer;
	sheet->pid = pid;
	file->ops = &sheet_ops;
	file->private = sheet;
	return 0;
}
