// A reader for cpio archives in the "newc" format, as the initrd is one.  It
// comes from outside: sizes are checked before anything is followed.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct cpio {
	const void *data;
	size_t size;
};

struct cpio_entry {
	const char *name; // inside the archive, NUL-terminated
	size_t name_size; // without the NUL, or the NULs: padding is legal
	const void *data; // inside the archive
	uint32_t size;
	uint32_t mode, ino, nlink, uid, gid, mtime;
	uint32_t rdev_major, rdev_minor;
};

// Reads the entry at *offset (0 at first) and moves on to the next: 1 for an
// entry, 0 at the trailer, -EINVAL for what is no entry, -EIO for one that
// runs beyond the archive's end.
int cpio_next(const struct cpio *archive, size_t *offset, struct cpio_entry *e);
