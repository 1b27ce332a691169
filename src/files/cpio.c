// The newc format (cpio(5)): a header of 110 characters, the name, the data;
// name and data padded so that what follows is at a multiple of 4.
#include "files/cpio.h"
#include "lib/errno.h"
#include "lib/string.h"
#include <stdbool.h>

#define HEADER_SIZE 110
#define NAME_MAX 4096 // with the NULs that align the data to a page
#define MAGIC "070701"
#define MAGIC_SIZE 6
#define TRAILER "TRAILER!!!"

// The fields of the header after its magic, 8 hexadecimal digits each.
enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_FILESIZE,
	F_DEVMAJOR,
	F_DEVMINOR,
	F_RDEVMAJOR,
	F_RDEVMINOR,
	F_NAMESIZE,
	F_CHECK,
};

static bool read_field(const char *header, enum field field, uint32_t *value)
{
	const char *digit = header + MAGIC_SIZE + 8 * field;
	const char *end = digit + 8;
	unsigned long n = 0; // full words: 32-bit steps cost twice as much

	for (; digit < end; digit++) {
		unsigned long d = (unsigned char)*digit - '0';

		if (d > 9) {
			d = ((unsigned char)*digit | 0x20) - 'a' + 10;
			if (d < 10 || d > 15)
				return false;
		}
		n = n << 4 | d;
	}
	*value = n;
	return true;
}

// Devices (of the archive's own file system) and the check, 0 in this format,
// are of no use to anyone here.
static bool read_header(const char *header, struct cpio_entry *e,
                        uint32_t *name_size)
{
	return !memcmp(header, MAGIC, MAGIC_SIZE) &&
	       read_field(header, F_INO, &e->ino) &&
	       read_field(header, F_MODE, &e->mode) &&
	       read_field(header, F_UID, &e->uid) &&
	       read_field(header, F_GID, &e->gid) &&
	       read_field(header, F_NLINK, &e->nlink) &&
	       read_field(header, F_MTIME, &e->mtime) &&
	       read_field(header, F_FILESIZE, &e->size) &&
	       read_field(header, F_RDEVMAJOR, &e->rdev_major) &&
	       read_field(header, F_RDEVMINOR, &e->rdev_minor) &&
	       read_field(header, F_NAMESIZE, name_size);
}

static size_t padded(size_t offset)
{
	return (offset + 3) & ~(size_t)3;
}

int cpio_next(const struct cpio *archive, size_t *offset, struct cpio_entry *e)
{
	const char *data = archive->data;
	size_t size = archive->size, at = *offset;
	uint32_t name_size;

	// Compared with what is left: a sum of their sizes might wrap round.
	if (at > size || size - at < HEADER_SIZE)
		return -EIO;
	if (!read_header(data + at, e, &name_size))
		return -EINVAL;
	at += HEADER_SIZE;
	if (name_size == 0 || name_size > NAME_MAX)
		return -EINVAL;
	if (name_size > size - at)
		return -EIO;
	e->name = data + at;
	e->name_size = strnlen(e->name, name_size);
	if (e->name_size == name_size) // no NUL: callers take it for text
		return -EINVAL;
	if (!strcmp(e->name, TRAILER))
		return 0;
	at = padded(at + name_size);
	if (at > size || e->size > size - at)
		return -EIO;
	e->data = data + at;
	// Perhaps beyond the end: the next call says so.
	*offset = padded(at + e->size);
	return 1;
}
