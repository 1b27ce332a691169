// src/files/cpio.c: archives whole, cut off, and spoiled.  Each is read from a
// block of exactly its size, so that the sanitizer sees a step beyond.
#include "claim.h"
#include "files/cpio.h"
#include "lib/errno.h"
#include <stdlib.h>
#include <string.h>

static char archive[9000];
static size_t size;
volatile unsigned sum; // so that what is read is used

static void add(const char *name, size_t name_size, unsigned mode,
                const char *data)
{
	size += sprintf(archive + size,
	                "070701%08X%08X%08X%08x%08X%08X%08zX%08X%08X%08X%08X"
	                "%08zX%08X",
	                7, mode, 1000, 0xabcdef, 3, 0x6543210f, strlen(data), 8,
	                9, 0x10, 0x11, name_size, 0);
	memcpy(archive + size, name, strlen(name));
	size = (size + name_size + 3) & ~3ul;
	memcpy(archive + size, data, strlen(data));
	size = (size + strlen(data) + 3) & ~3ul;
}

static void build(void)
{
	memset(archive, 0, sizeof(archive));
	size = 0;
	add(".", 2, 040755, "");
	add("bin/sh", 4096 - (size + 110) % 4096, 0100755, "#!program");
	add("etc", 4, 0120777, "target");
	add("TRAILER!!!", 11, 0, "");
}

// How many entries are found; the end's result goes to *end.
static int entries(size_t n, int *end)
{
	char *copy = malloc(n ? n : 1);
	struct cpio whole = {copy, n};
	struct cpio_entry e;
	size_t offset = 0, before = 0;
	int found = 0;

	memcpy(copy, archive, n);
	while ((*end = cpio_next(&whole, &offset, &e)) == 1) {
		CLAIM(offset > before && e.name[e.name_size] == 0);
		before = offset;
		for (uint32_t i = 0; i < e.size; i++)
			sum += ((const char *)e.data)[i];
		found++;
	}
	free(copy);
	return found;
}

static void as_built(void)
{
	struct cpio whole = {archive, size};
	struct cpio_entry e;
	size_t offset = 0;

	CLAIM(cpio_next(&whole, &offset, &e) == 1);
	CLAIM(!strcmp(e.name, ".") && e.name_size == 1);
	CLAIM(e.mode == 040755 && e.size == 0 && e.ino == 7 && e.nlink == 3);
	CLAIM(e.uid == 1000 && e.gid == 0xabcdef && e.mtime == 0x6543210f);
	CLAIM(e.rdev_major == 0x10 && e.rdev_minor == 0x11);
	CLAIM(cpio_next(&whole, &offset, &e) == 1);
	CLAIM(!strcmp(e.name, "bin/sh") && e.name_size == 6);
	CLAIM(e.size == 9 && !memcmp(e.data, "#!program", 9));
	CLAIM(((const char *)e.data - archive) % 4096 == 0);
	CLAIM(cpio_next(&whole, &offset, &e) == 1);
	CLAIM(e.mode == 0120777 && !memcmp(e.data, "target", e.size));
	CLAIM(cpio_next(&whole, &offset, &e) == 0);
	CLAIM(cpio_next(&whole, &offset, &e) == 0); // and stays there
	offset = SIZE_MAX;
	CLAIM(cpio_next(&whole, &offset, &e) == -EIO);
}

// What is written over the first header, and what then comes of it.
static const struct {
	const char *what;
	int at;
	const char *text;
	int end;
} spoiled[] = {
	{"another magic", 0, "070702", -EINVAL},
	{"binary", 0, "\xc7\x71", -EINVAL},
	{"size not hex: G", 54, "0000000G", -EINVAL},
	{"size not hex: /", 54, "/0000000", -EINVAL},
	{"size not hex: :", 54, "0:000000", -EINVAL},
	{"size not hex: @", 54, "00@00000", -EINVAL},
	{"size not hex: `", 54, "000`0000", -EINVAL},
	{"size not hex: control", 54,
         "0000\x10"
         "000",
         -EINVAL},
	{"size not hex: top bit", 54,
         "00000\xb0"
         "00",
         -EINVAL},
	{"size has a sign", 54, "-0000001", -EINVAL},
	{"size of 4 GiB", 54, "ffffffff", -EIO},
	{"size a little too much", 54, "00003000", -EIO},
	{"no name", 94, "00000000", -EINVAL},
	{"name without NUL", 94, "00000001", -EINVAL},
	{"name of 4 GiB", 94, "FFFFFFFF", -EINVAL},
	{"name a little too long", 94, "00001001", -EINVAL},
	{"mode not hex", 14, "rwxrwxrw", -EINVAL},
};

void test_cpio(void)
{
	int end;

	build();
	as_built();
	CLAIM(entries(size, &end) == 3 && end == 0);
	for (size_t n = 0; n < size - 5; n++) {
		CLAIM(entries(n, &end) <= 3);
		CLAIM(end == -EIO || end == -EINVAL);
	}
	for (size_t i = 0; i < COUNT(spoiled); i++) {
		build();
		memcpy(archive + spoiled[i].at, spoiled[i].text,
		       strlen(spoiled[i].text));
		ROW_CLAIM(spoiled[i].what, entries(size, &end) == 0);
		ROW_CLAIM(spoiled[i].what, end == spoiled[i].end);
	}
}
