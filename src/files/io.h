// read(), write() and their kin, on any open file: in passes of 64 KiB at
// most, each of which moves all that it says or nothing.
#pragma once

#include "files/file.h"
#include "process/wait.h"

int64_t sys_read(struct call *call);

// The usual way of read() and write().
int64_t io_read(struct call *call, struct file *file);
int64_t io_write(struct call *call, struct file *file);

// What was moved before a signal came stays moved.
int64_t io_cancel(struct future *future);

// From its first wait on, a call keeps its file open.
static inline void io_keep(struct future *future, struct file *file)
{
	file_get(file);
	future->object = file;
	future->cancel = io_cancel;
}

// A read that only waits has got `size` bytes, which lie where it wanted them.
static inline void io_complete(struct future *future, int64_t size)
{
	struct file *file = future->object;

	future_complete(future, size);
	file_put(file);
}

void io_init(void);
