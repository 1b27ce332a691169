// Pipes: bytes from those who write to those who read.  Most go through a ring;
// but what is written while a reader waits is copied to where it wants it, and
// if that is all, the reader has its result without being polled again.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "files/file.h"
#include "files/ring.h"
#include "process/wait.h"

#define PIPE_BUF 4096 // a write of so much is never mixed with another

// A reader that waits, and the one piece of memory that it wants filled.  It
// holds as long as the reader is the first who waits.
struct offer {
	struct future *future;
	uint64_t at;
	size_t size;
};

struct pipe {
	struct ring ring;
	uint32_t readers, writers; // open files
	bool had_reader, had_writer; // since the other side opened it
	bool handed; // the last write went to a reader that waited
	struct waker filled; // readers wait: there are bytes, or no writers
	struct waker freed; // writers wait: there is room, or no readers
	struct offer offer;
};

// A pipe whose memory is zeroed.
void pipe_init(struct pipe *pipe);

// As struct file_ops has them.
int64_t pipe_read(struct file *file, struct transfer *to, uint64_t offset);
int64_t pipe_write(struct file *file, struct transfer *from, uint64_t offset);
int64_t pipe_read_call(struct call *call, struct file *file);
int64_t pipe_write_call(struct call *call, struct file *file);
